using System.CommandLine;
using Rung.Commands.Policy;

namespace Rung.Commands.Eval;

/// <summary>The command line of <c>rung eval power</c>.</summary>
internal sealed class EvalPowerOptions
{
    public Option<int> Rows { get; } = new("--rows") { Description = "Rows of the eval.", HelpName = "N", DefaultValueFactory = _ => 200 };
    public Option<double> Margin { get; } = new("--margin") { Description = "How much worse than the reference is acceptable, 0.001 to 0.5.", HelpName = "X", DefaultValueFactory = _ => 0.03 };
    public Option<double> Confidence { get; } = new("--confidence") { Description = "How sure that must be, 0.5 to 0.999.", HelpName = "C", DefaultValueFactory = _ => 0.95 };
    public Option<double> Discordance { get; } = new("--discordance") { Description = "Share of rows on which candidate and reference disagree, 0 to 1.", HelpName = "X", DefaultValueFactory = _ => 0.1 };
    public Option<string[]> Outcomes { get; } = new("--outcomes") { Description = "Recorded outcomes to try it on, .jsonl or .jsonl.gz.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    public Option<string> Reference { get; } = new("--reference") { Description = "With --outcomes: the reference model.", HelpName = "MODEL" };
    public Option<string> Candidates { get; } = new("--candidates") { Description = "With --outcomes: the cheaper models, separated by commas.", HelpName = "MODELS" };
    public Option<string> Source { get; } = new("--source") { Description = "With --outcomes: only rows whose source begins so.", HelpName = "PREFIX" };
    public Option<string> Label { get; } = new("--label") { Description = "With --outcomes: field with the grade (default: correct, else score).", HelpName = "NAME" };
    public Option<int> Repetitions { get; } = new("--repetitions") { Description = "With --outcomes: evals that are simulated of each candidate, 10 to 100,000.", HelpName = "N", DefaultValueFactory = _ => 500 };
    public Option<long> Seed { get; } = new("--seed") { Description = "With --outcomes: decides which rows are drawn.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public Option<bool> Json { get; } = PolicyCommand.JsonOption();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [Rows, Margin, Confidence, Discordance, Outcomes, Reference, Candidates, Source, Label, Repetitions, Seed, Json];

    /// <summary>What of the options makes no sense; null when all do.</summary>
    public (string Message, string Fix)? Fault(ParseResult parsed)
    {
        if (parsed.GetValue(Rows) is < 1 or > 100_000) return ("--rows is 1 to 100,000.", "Usual is 200.");
        if (!(parsed.GetValue(Margin) is >= 0.001 and <= 0.5)) return ("--margin is 0.001 to 0.5.", "Three points of a hundred are 0.03.");
        if (!(parsed.GetValue(Confidence) is >= 0.5 and <= 0.999)) return ("--confidence is 0.5 to 0.999.", "Usual is 0.95.");
        if (!(parsed.GetValue(Discordance) is > 0 and <= 1)) return ("--discordance lies above 0 and is at most 1.", "One row of ten is 0.1.");
        if (parsed.GetValue(Repetitions) is < 10 or > 100_000) return ("--repetitions is 10 to 100,000.", "Usual is 500.");
        if (parsed.GetValue(Outcomes) is not { Length: > 0 })
        {
            return parsed.GetValue(Reference) is null && parsed.GetValue(Candidates) is null ? null : ("--reference and --candidates name models of a recording.", "Give it: --outcomes FILE");
        }
        if (parsed.GetValue(Reference) is null || string.IsNullOrWhiteSpace(parsed.GetValue(Candidates)))
            return ("A recording needs the models that are compared.", "Give --reference MODEL and --candidates MODEL,…");
        return null;
    }
}
