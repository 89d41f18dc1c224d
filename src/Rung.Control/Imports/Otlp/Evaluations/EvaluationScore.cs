using System.Text;

namespace Rung.Control.Imports.Otlp.Evaluations;

/// <summary>The score of an evaluation, 0 to 1, out of what the convention lets it say.</summary>
internal static class EvaluationScore
{
    /// <summary>
    /// A value between 0 and 1 is the score. Of another scale nobody knows the ends, so there the label decides; without one that is known it is no verdict.
    /// </summary>
    /// <param name="value"><c>gen_ai.evaluation.score.value</c>; null when it is not told.</param>
    /// <param name="label"><c>gen_ai.evaluation.score.label</c>, UTF-8; empty when it is not told.</param>
    public static double? Of(double? value, ReadOnlySpan<byte> label)
    {
        if (value is >= 0 and <= 1) return value;
        foreach (var good in (ReadOnlySpan<string>)["pass", "passed", "true", "yes", "good", "correct", "positive", "relevant", "thumbs_up"])
        {
            if (Ascii.EqualsIgnoreCase(label, good)) return 1;
        }
        foreach (var bad in (ReadOnlySpan<string>)["fail", "failed", "false", "no", "bad", "incorrect", "negative", "irrelevant", "thumbs_down"])
        {
            if (Ascii.EqualsIgnoreCase(label, bad)) return 0;
        }
        return null;
    }
}
