using System.CommandLine;
using Rung.Commands.Policy;

namespace Rung.Commands.Replay;

/// <summary>The command line of <c>rung replay</c>.</summary>
internal sealed class ReplayOptions
{
    /// <summary>The word for: every call at the policy's reference model.</summary>
    public const string Reference = "reference";

    public Option<string> Policy { get; } = PolicyCommand.PolicyOption($"The policy: {PolicyFinder.Forms}.");
    public Option<string> Against { get; } = new("--against")
    {
        Description = $"What to compare with: {PolicyFinder.Forms}, or '{Reference}': every call at the reference model. Default: with --outcomes {Reference}, with --ledger what was.", HelpName = "FILE",
    };
    public Option<string[]> Outcomes { get; } = new("--outcomes") { Description = "Recorded outcomes, .jsonl or .jsonl.gz.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    public Option<string[]> Responses { get; } = UpstreamCommand.ResponsesOption();
    public Option<bool> Ledger { get; } = new("--ledger") { Description = "Replay the calls of the ledger." };
    public Option<bool> Imported { get; } = new("--imported") { Description = "With --ledger, the calls that were imported into it (default: those that the gateway served, if there are any)." };
    public Option<string> Data { get; } = new("--data") { Description = "The data directory: ledger and revisions.", HelpName = "DIR", DefaultValueFactory = _ => ServeCommand.DefaultData };
    public Option<string> Since { get; } = new("--since") { Description = "With --ledger, calls from then on: 7d, 24h, 90m, or an ISO date or time (UTC).", HelpName = "WHEN" };
    public Option<string> Until { get; } = new("--until") { Description = "With --ledger, calls before then; as --since.", HelpName = "WHEN" };
    public Option<double?> ClimbRate { get; } = new("--climb-rate") { Description = "With --ledger, the share of calls taken to climb where nobody knows, 0 to 1 (default: 0, and said so).", HelpName = "R" };
    public Option<string> Tag { get; } = new("--tag") { Description = "With --outcomes, the tag of every call.", HelpName = "TAG" };
    public Option<bool> TagFromSource { get; } = new("--tag-from-source") { Description = "With --outcomes, each row's source is its tag; --tag serves rows without one." };
    public Option<int?> Limit { get; } = new("--limit") { Description = "Only the first N prompts or calls.", HelpName = "N" };
    public Option<string[]> FailIf { get; } = new("--fail-if") { Description = "Exit code 1 when this holds: \"cost > +5%\", \"accuracy < -1pt\", \"saving < 30%\", \"climbs > 20%\". Repeatable.", HelpName = "EXPR" };
    public Option<string> Decisions { get; } = new("--decisions") { Description = "Write what becomes of every call to this file, a line of JSON each.", HelpName = "FILE" };
    public Option<double> Confidence { get; } = new("--confidence") { Description = "Confidence of the intervals, 0.5 to 0.9999.", HelpName = "P", DefaultValueFactory = _ => 0.95 };
    public Option<int> Resamples { get; } = new("--resamples") { Description = "Resamples of the bootstrap: 0 (no intervals), or 100 to 100,000.", HelpName = "N", DefaultValueFactory = _ => 2000 };
    public Option<long> Seed { get; } = new("--seed") { Description = "Seed of the bootstrap.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public Option<bool> Markdown { get; } = new("--markdown") { Description = "Print GitHub-flavoured Markdown, for a comment on a pull request." };
    public Option<bool> Json { get; } = PolicyCommand.JsonOption();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        Policy, Against, Outcomes, Responses, Tag, TagFromSource, Ledger, Imported, Data, Since, Until, ClimbRate, Limit, FailIf, Decisions, Confidence, Resamples, Seed, Markdown, Json,
    ];

    /// <summary>What of the options makes no sense; null when all do.</summary>
    public (string Message, string Fix)? Fault(ParseResult parsed)
    {
        var isLedger = parsed.GetValue(Ledger) || parsed.GetValue(Imported);
        if (isLedger == parsed.GetValue(Outcomes) is { Length: > 0 }) return ("Give either --outcomes or --ledger.", "Recorded prompts: --outcomes FILE --tag TAG; logged traffic: --ledger --since 7d");
        if (!isLedger && (Given(parsed, Since) || Given(parsed, Until))) return ("--since and --until are for the ledger.", "A recording has no dates; --limit N takes its first rows.");
        if (!isLedger && parsed.GetValue(ClimbRate) is not null) return ("--climb-rate is for the ledger.", "With recorded answers climbs are known.");
        if (isLedger && (Given(parsed, Tag) || parsed.GetValue(TagFromSource))) return ("--tag and --tag-from-source are for recorded outcomes.", "Logged calls have the tags that they were logged with.");
        if (isLedger && parsed.GetValue(Responses) is { Length: > 0 }) return ("--responses belongs to --outcomes.", "Leave it out: a ledger holds no answers.");
        if (parsed.GetValue(Json) && parsed.GetValue(Markdown)) return ("Both --json and --markdown want standard output.", "Choose one.");
        if (!(parsed.GetValue(Confidence) is >= 0.5 and <= 0.9999)) return ("--confidence is 0.5 to 0.9999.", "Usual is 0.95.");
        if (parsed.GetValue(Resamples) is not (0 or >= 100 and <= 100_000)) return ("--resamples is 0 (no intervals), or 100 to 100,000.", "Usual is 2000.");
        if (parsed.GetValue(ClimbRate) is { } rate && !(rate is >= 0 and <= 1)) return ("--climb-rate is a share from 0 to 1.", "A fifth of the calls is 0.2.");
        if (parsed.GetValue(Limit) is < 1) return ("--limit is at least 1.", "Leave it out for all.");
        return null;
    }

    private static bool Given(ParseResult parsed, Option<string> option) => parsed.GetValue(option) is not null;
}
