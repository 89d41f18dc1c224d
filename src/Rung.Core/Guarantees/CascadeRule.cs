using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Core.Policies;

namespace Rung.Core.Guarantees;

/// <summary>What a rule says of one answer.</summary>
/// <param name="KeepScore">The score that the threshold is held against, 0 to 1; −1 where the answer climbs whatever the threshold.</param>
/// <param name="Pending">What would have to be found out first; null for a verdict.</param>
/// <param name="Check">The check that asks; null for a verdict.</param>
public readonly record struct RuleScore(double KeepScore, Inquiry? Pending = null, string? Check = null);

/// <summary>
/// A route's cascade as one rule: answers that end badly or fail a check climb; of the others those are kept whose verifier's score reaches the threshold. The
/// threshold is the one thing that calibrating moves, so the rule's texts leave it out.
/// </summary>
public sealed class CascadeRule
{
    private const string ThresholdWords = " at least ";

    private readonly Route route;
    private readonly VerifierCheck? scored;

    private CascadeRule(Route route, VerifierCheck? scored, int scoredAt, ImmutableArray<string> texts)
    {
        (this.route, this.scored, ScoredAt, Texts) = (route, scored, scoredAt, texts);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))));
    }

    /// <summary>Everything that decides, one line each: the checks without the threshold, and what the route climbs on.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>SHA-256 of <see cref="Texts"/>, 64 lower-case hexadecimal digits. The hashes of the files are in the texts.</summary>
    public string Sha256 { get; }

    /// <summary>Place of the check whose threshold is calibrated among the route's checks; −1 when the checks alone decide.</summary>
    public int ScoredAt { get; }

    /// <summary>Name of the verifier whose score counts; null when the checks alone decide.</summary>
    public string? Verifier => scored?.Verifier;

    /// <summary>How many more answers of the first model its checks ask for, at most.</summary>
    public int MoreAnswers => route.Checks.OfType<AgreesCheck>().Select(check => check.More).DefaultIfEmpty(0).Max();

    /// <summary>The threshold that the policy has now; null when the checks alone decide.</summary>
    public double? Threshold => scored?.AtLeast;

    /// <summary>Reads a route as a rule.</summary>
    /// <param name="route">The route.</param>
    /// <param name="problem">Why it is none when the result is null.</param>
    public static CascadeRule? Of(Route route, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(route);
        var places = Enumerable.Range(0, route.Checks.Length).Where(i => route.Checks[i] is VerifierCheck).ToArray();
        problem = route.Escalation is not { } up ? "It has no escalate: a failed answer goes nowhere, so there is no cascade."
            : !up.On.HasFlag(ClimbCause.CheckFailed) ? "Its escalate does not climb on check_failed, so no threshold moves anything."
            : route.Checks.IsEmpty ? "It has no checks: every answer is kept."
            : places.Length > 1 ? "It has more than one verifier check, and so more than one threshold. Put all but one into an all or a score."
            : null;
        if (problem is not null) return null;

        var at = places.Length == 1 ? places[0] : -1;
        var texts = route.CheckTexts.Select((text, i) => i == at ? WithoutThreshold(text) : text)
            .Append($"climbs on {Explanation.Causes(route.Escalation!.On & ~ClimbCause.Unavailable)}");
        if (route.MaxTokens > 0) texts = texts.Append(string.Create(CultureInfo.InvariantCulture, $"max_tokens {route.MaxTokens}"));
        return new CascadeRule(route, at < 0 ? null : (VerifierCheck)route.Checks[at], at, [.. texts]);
    }

    /// <summary>Scores one answer.</summary>
    public RuleScore Score(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if ((AnswerTrial.Ending(answer) & route.Escalation!.On) != ClimbCause.None) return new(-1);
        for (var i = 0; i < route.Checks.Length; i++)
        {
            if (i == ScoredAt) continue;
            var result = route.Checks[i].Evaluate(answer);
            if (result.Pending is { } inquiry) return new(-1, inquiry, route.Checks[i].Name);
            if (!result.Passed) return new(-1);
        }
        if (scored is null) return new(1);
        var verdict = scored.Evaluate(answer);
        if (verdict.Pending is { } question) return new(-1, question, scored.Name);
        // A verifier that cannot say passes at every threshold, or at none, as the policy has it.
        return new(verdict.Score ?? (verdict.Passed ? 1 : -1));
    }

    private static string WithoutThreshold(string text)
    {
        var start = text.LastIndexOf(ThresholdWords, StringComparison.Ordinal);
        if (start < 0) return text;
        var end = text.IndexOf(',', start);
        return end < 0 ? text[..start] : text[..start] + text[end..];
    }
}
