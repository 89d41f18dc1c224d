using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary>The command line of <c>rung eval run</c>.</summary>
internal sealed class EvalRunOptions
{
    public Option<string> Set { get; } = new("--set") { Description = $"The eval set: {EvalStore.Forms}.", HelpName = "SET", Required = true };
    public Option<string> Candidates { get; } = new("--candidates") { Description = "Models of the policy, or tiers (their first model), separated by commas.", HelpName = "NAMES", Required = true };
    public Option<string> Policy { get; } = PolicyCommand.PolicyOption($"The policy: {PolicyFinder.Forms}.");
    public Option<string> Data { get; } = PolicyCommand.DataOption();
    public Option<string> Tag { get; } = new("--tag") { Description = "The job, where the set does not say (default: the set's).", HelpName = "TAG" };
    public Option<string> Part { get; } = new("--part") { Description = "Which rows: test (held out), tune, or all.", HelpName = "PART", DefaultValueFactory = _ => "test" };
    public Option<string> Score { get; } = new("--score") { Description = "How answers are graded (default: the tag's eval in the policy).", HelpName = "WORD" };
    public Option<double?> Tolerance { get; } = new("--tolerance") { Description = "With --score numeric: greatest difference that counts as equal.", HelpName = "X" };
    public Option<string> Pattern { get; } = new("--pattern") { Description = "With --score regex: the pattern.", HelpName = "REGEX" };
    public Option<string> Command { get; } = new("--command") { Description = "With --score code: a command of the policy.", HelpName = "NAME" };
    public Option<string> Judge { get; } = new("--judge") { Description = "With --score rubric or pairwise: the tag whose route asks the judge.", HelpName = "TAG" };
    public Option<double?> Margin { get; } = new("--margin") { Description = "How much worse than the reference is acceptable, 0.001 to 0.5.", HelpName = "X" };
    public Option<double?> Confidence { get; } = new("--confidence") { Description = "How sure that must be, 0.5 to 0.999.", HelpName = "C" };
    public Option<int> Concurrency { get; } = new("--concurrency") { Description = "Questions at once, 1 to 64.", HelpName = "N", DefaultValueFactory = _ => 4 };
    public Option<int?> Rate { get; } = new("--rate") { Description = "Most questions a minute to one model.", HelpName = "N" };
    public Option<bool> KnownAnswers { get; } = new("--known-answers") { Description = "Compare with the known right answers themselves, and do not ask the reference tier's model about them." };
    public Option<decimal?> MaxUsd { get; } = new("--max-usd") { Description = "Most that the run may cost, earlier parts included; it stops before it could cost more.", HelpName = "USD" };
    public Option<long> Seed { get; } = new("--seed") { Description = "Seed of every random choice.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public Option<bool> Fresh { get; } = new("--fresh") { Description = "Begin anew although the same has been run." };
    public Option<bool> RetryFailed { get; } = new("--retry-failed") { Description = "Ask again what failed before." };
    public Option<bool> WriteEvidence { get; } = new("--write-evidence") { Description = "Write the result beside the policy, and name it in the tag's evidence where it speaks for the tag's tier." };
    public Option<string> SetTier { get; } = new("--set-tier") { Description = "With --write-evidence: also move the tag to this tier, whose model must be eligible.", HelpName = "TIER" };
    public Option<bool> ShowContent { get; } = new("--show-content") { Description = "Show answers and reasons in the examples of failures." };
    public Option<bool> Json { get; } = PolicyCommand.JsonOption();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
        [Set, Candidates, Policy, Data, Tag, Part, Score, Tolerance, Pattern, Command, Judge, Margin, Confidence, KnownAnswers, Concurrency, Rate, MaxUsd, Seed, Fresh, RetryFailed, WriteEvidence, SetTier, ShowContent, Json];

    public EvalRunOptions()
    {
        Part.AcceptOnlyFromAmong("test", "tune", "all");
        Score.AcceptOnlyFromAmong([.. EvalTerms.ScoreWords]);
    }

    /// <summary>What of the options makes no sense; null when all do.</summary>
    public (string Message, string Fix)? Fault(ParseResult parsed)
    {
        if (parsed.GetValue(Margin) is { } margin && !(margin is >= 0.001 and <= 0.5)) return ("--margin is 0.001 to 0.5.", "Three points of a hundred are 0.03.");
        if (parsed.GetValue(Confidence) is { } confidence && !(confidence is > 0.5 and <= 0.999)) return ("--confidence lies above 0.5 and is at most 0.999.", "Usual is 0.95.");
        if (parsed.GetValue(Tolerance) is { } tolerance && !(tolerance >= 0 && double.IsFinite(tolerance))) return ("--tolerance is 0 or more.", "Half a unit is 0.5.");
        if (parsed.GetValue(Concurrency) is < 1 or > 64) return ("--concurrency is 1 to 64.", "Usual is 4.");
        if (parsed.GetValue(Rate) is < 1 or > 100_000) return ("--rate is 1 to 100,000 questions a minute.", "Leave it out for no limit.");
        if (parsed.GetValue(MaxUsd) is <= 0 or > 1_000_000) return ("--max-usd is above 0 and at most 1,000,000.", "Fifty cents are 0.5.");
        if (parsed.GetValue(SetTier) is not null && !parsed.GetValue(WriteEvidence)) return ("--set-tier goes with --write-evidence.", "Add --write-evidence.");
        return null;
    }

    /// <summary>The part of the set; null: all of it.</summary>
    public EvalPart? PartOf(ParseResult parsed) => parsed.GetValue(Part) switch
    {
        "tune" => EvalPart.Tune,
        "all" => null,
        _ => EvalPart.Test,
    };

    /// <summary>The tag's terms with what the command line changes.</summary>
    public EvalTerms TermsOf(ParseResult parsed, EvalTerms terms) => terms with
    {
        Score = parsed.GetValue(Score) is { } word ? (ScoreKind)EvalTerms.ScoreWords.IndexOf(word) : terms.Score,
        Tolerance = parsed.GetValue(Tolerance) ?? terms.Tolerance,
        Pattern = parsed.GetValue(Pattern) ?? terms.Pattern,
        Command = parsed.GetValue(Command) ?? terms.Command,
        Judge = parsed.GetValue(Judge) ?? terms.Judge,
        Margin = parsed.GetValue(Margin) ?? terms.Margin,
        Confidence = parsed.GetValue(Confidence) ?? terms.Confidence,
    };
}
