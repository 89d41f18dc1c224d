using System.Collections.Frozen;
using System.Text;
using Rung.Core.Checks;
using Rung.Core.Policies;

namespace Rung.Gateway.Tests.Support;

/// <summary>A check that has something found out and then passes or fails by it.</summary>
internal sealed class Asking(string name, Inquiry inquiry, Func<Answer, Finding, CheckResult> judge) : Check
{
    public override string Name => name;

    public override bool NeedsContext => inquiry is VerifierInquiry;

    public override CheckResult Evaluate(Answer answer) =>
        !answer.Findings.TryGetValue(inquiry, out var finding) ? CheckResult.Ask(inquiry)
        : finding.Unavailable is { } why ? CheckResult.Fail(why)
        : judge(answer, finding);

    /// <summary>Passes by the score that was found out.</summary>
    public static Asking Score(string name, Inquiry inquiry, double atLeast) => new(name, inquiry, (_, finding) =>
        (finding.Score >= atLeast ? CheckResult.Pass : CheckResult.Fail($"{finding.Score}: {finding.Detail}")) with { Score = finding.Score });

    /// <summary>Passes when at least so many answers, the first included, are the same text.</summary>
    public static Asking Agreement(int more, int atLeast, double? temperature = null) => new("agrees", new SamplesInquiry(more, temperature), (answer, finding) =>
    {
        var same = 1 + finding.Samples.Count(sample => sample.Content.Span.SequenceEqual(answer.Content.Span));
        return (same >= atLeast ? CheckResult.Pass : CheckResult.Fail($"{same} agree")) with { Score = same / (1.0 + more) };
    });
}

/// <summary>The answer must begin with a text: told from any other as it arrives.</summary>
internal sealed class Begins(string with) : Check
{
    private readonly byte[] wanted = Encoding.UTF8.GetBytes(with);

    public override string Name => $"begins {with}";

    public override CheckResult Evaluate(Answer answer) => answer.Content.Span.StartsWith(wanted) ? CheckResult.Pass : CheckResult.Fail("another beginning");

    public override AnswerWatch Watch() => new Following(wanted);

    private sealed class Following(byte[] wanted) : AnswerWatch
    {
        private int seen;

        public override long? DoomedAt => doomedAt;

        public override string? Detail => doomedAt is { } at ? $"another beginning at byte {at}" : null;

        public override bool HasValidPrefix => doomedAt is null && seen >= wanted.Length;

        private long? doomedAt;

        public override bool Append(ReadOnlySpan<byte> text)
        {
            foreach (var letter in text)
            {
                if (doomedAt is null && seen < wanted.Length && letter != wanted[seen]) doomedAt = seen;
                seen++;
            }
            return doomedAt is null;
        }
    }
}

internal static class HandMade
{
    /// <summary>The same policy with other checks on the tag <c>job</c>, and with verifiers and commands.</summary>
    public static PolicySnapshot With(
        this PolicySnapshot policy, Check[] checks, StreamMode stream = StreamMode.Hold, OutsideVerifier[]? verifiers = null, AllowedCommand[]? commands = null)
    {
        var job = policy.Tags["job"] with { Checks = [.. checks], CheckTexts = [.. checks.Select(check => check.Name)], Streaming = stream };
        return new()
        {
            Revision = policy.Revision, Hash = policy.Hash, Name = policy.Name, Ladder = policy.Ladder, Models = policy.Models,
            Tags = policy.Tags.Values.Select(route => route.Name == "job" ? job : route).ToFrozenDictionary(route => route.Name),
            Roles = policy.Roles, Default = policy.Default, Pins = policy.Pins, BaselineModel = policy.BaselineModel, ReferenceTier = policy.ReferenceTier,
            Limits = policy.Limits,
            OutsideVerifiers = (verifiers ?? []).ToFrozenDictionary(verifier => verifier.Name),
            Commands = (commands ?? []).ToFrozenDictionary(command => command.Name),
        };
    }
}
