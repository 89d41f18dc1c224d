using System.Globalization;

namespace Rung.Control.Evals.Judging.Simulation;

/// <summary>The leanings of a simulated judge: known, so that a report can be held against them.</summary>
/// <param name="Position">What standing first is worth, as a share of wins: −0.23 to 0.23.</param>
/// <param name="Length">What a doubling of length is worth.</param>
/// <param name="Self">What being of the judge's family is worth.</param>
public sealed record JudgeLeanings(double Position, double Length, double Self)
{
    /// <summary>Most of all three together: beyond it a chance of winning would leave 0 to 1, and the leanings would not be what they are said to be.</summary>
    public const double Most = 0.23;

    /// <summary>Reads <c>position=0.1,length=0.05,self=0.08</c>; what is left out is 0.</summary>
    /// <exception cref="EvalException">It is something else, or too much.</exception>
    public static JudgeLeanings Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var name = at < 0 ? part : part[..at].Trim();
            if (at < 0 || name is not ("position" or "length" or "self" or "none") || !double.TryParse(part[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                throw new EvalException($"'{part}' is no leaning of a judge.", "Write position=0.1,length=0.05,self=0.08; what is left out is 0.");
            values[name] = value;
        }
        var leanings = new JudgeLeanings(values.GetValueOrDefault("position"), values.GetValueOrDefault("length"), values.GetValueOrDefault("self"));
        if (Math.Abs(leanings.Position) + Math.Abs(leanings.Length) + Math.Abs(leanings.Self) > Most + 1e-9)
            throw new EvalException(FormattableString.Invariant($"The leanings are more than {Most} together: no judge could have them whatever the answers are."), "Make them smaller.");
        return leanings;
    }
}
