using System.Globalization;
using Rung.Core.Verifiers;

namespace Rung.Core.Checks;

/// <summary>A verifier's score reaches a threshold.</summary>
internal sealed class VerifierCheck(Verifier verifier, double atLeast, bool passUnavailable) : Check
{
    public override string Name { get; } = $"verifier {verifier.Name}";

    public override bool NeedsContext => true;

    public override bool IsForClimbing => true;

    /// <summary>The verifier's name in the policy.</summary>
    public string Verifier => verifier.Name;

    /// <summary>The least score that passes, 0 to 1.</summary>
    public double AtLeast => atLeast;

    public override CheckResult Evaluate(Answer answer)
    {
        var score = answer.Context is null ? VerifierScore.None("what was asked is not known") : verifier.Score(answer);
        if (score.Pending is { } inquiry) return CheckResult.Ask(inquiry);
        if (score.Value is not { } value || !(value is >= 0 and <= 1))
        {
            var why = score.Value is null ? score.Unavailable ?? "it gave no score" : "it gave a score outside 0 to 1";
            return passUnavailable ? CheckResult.Pass : CheckResult.Fail($"The verifier {verifier.Name} is unavailable: {Excerpt.Bare(why, maxLength: 200)}.");
        }
        var result = value >= atLeast ? CheckResult.Pass : CheckResult.Fail($"The verifier {verifier.Name} gives {Shown(value)}; at least {Shown(atLeast)} is wanted.");
        return result with { Score = value };
    }

    private static string Shown(double score) => score.ToString("0.####", CultureInfo.InvariantCulture);
}
