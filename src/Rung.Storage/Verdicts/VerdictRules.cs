using Rung.Core.Spans;

namespace Rung.Storage.Verdicts;

/// <summary>What every quality signal must keep to before it is written: a broken one is a fault of the caller.</summary>
internal static class VerdictRules
{
    /// <exception cref="ArgumentException">It does not keep to them.</exception>
    public static void Require(VerdictRecord verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (string.IsNullOrEmpty(verdict.Id)) throw new ArgumentException("A verdict has an id.", nameof(verdict));
        if (string.IsNullOrEmpty(verdict.By)) throw new ArgumentException($"Verdict {verdict.Id} does not say who judged.", nameof(verdict));
        if (!Enum.IsDefined(verdict.Kind)) throw new ArgumentException($"Verdict {verdict.Id} is of no known kind ({(byte)verdict.Kind}).", nameof(verdict));
        var most = verdict.Kind == VerdictKind.ConversationLength ? double.MaxValue : 1;
        if (!(verdict.Score >= 0 && verdict.Score <= most)) throw new ArgumentException($"The score of verdict {verdict.Id} lies outside its range.", nameof(verdict));
        if (!(verdict.Weight >= 0 && verdict.Weight < double.PositiveInfinity)) throw new ArgumentException($"The weight of verdict {verdict.Id} is no number from 0.", nameof(verdict));
        if (verdict.SampledAt is { } sampled && !(sampled > 0 && sampled <= 1))
        {
            throw new ArgumentException($"The probability of verdict {verdict.Id} is not above 0 and at most 1.", nameof(verdict));
        }
    }
}
