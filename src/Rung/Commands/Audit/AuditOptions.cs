using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Imports;

namespace Rung.Commands.Audit;

/// <summary>The command line of <c>rung audit</c>.</summary>
internal sealed class AuditOptions
{
    public Argument<string[]> Paths { get; } = new("path")
    {
        Description = "Files, folders with everything below them, patterns such as 'logs/*.jsonl.gz', and - for standard input.", HelpName = "PATH", Arity = ArgumentArity.ZeroOrMore,
    };

    public Option<bool> ClaudeCode { get; } = new("--claude-code") { Description = "Also the session logs of Claude Code on this machine." };
    public Option<bool> Codex { get; } = new("--codex") { Description = "Also the session logs of the Codex CLI on this machine." };
    public Option<bool> Ledger { get; } = new("--ledger") { Description = "Instead of files, the calls that the ledger has received or imported." };
    public Option<string> Format { get; } = new("--format") { Description = $"The format of every file (default: detected): {string.Join(", ", LogImportOptions.Formats.Select(format => format.Name))}.", HelpName = "NAME" };
    public Option<string> Mapping { get; } = new("--mapping") { Description = "Which column or field holds what, for CSV and JSON of no known format.", HelpName = "FILE" };
    public Option<string> Since { get; } = new("--since") { Description = "Calls from then on: 7d, 24h, 90m, or an ISO date or time (UTC).", HelpName = "WHEN" };
    public Option<string> Until { get; } = new("--until") { Description = "Calls before then; as --since.", HelpName = "WHEN" };
    public Option<DateOnly?> PriceDate { get; } = new("--price-date") { Description = "Price every call as of this day (default: each at its own).", HelpName = "YYYY-MM-DD" };
    public Option<string> Prices { get; } = new("--prices") { Description = $"Your own price book, laid over the one that ships (default: {PricesFile.FileName} of the data directory, if there is one).", HelpName = "FILE" };
    public Option<bool> ReportedCosts { get; } = new("--reported-costs") { Description = "Where no price is known, count what the log itself says." };
    public Option<string> Invoice { get; } = new("--invoice") { Description = "What was billed, in US dollars: the difference and its likely causes.", HelpName = "AMOUNT" };
    public Option<string[]> Tier { get; } = new("--tier") { Description = "A rung of the proposed ladder, such as small=openai/gpt-5-mini; several times.", HelpName = "TIER=PROVIDER/MODEL" };
    public Option<string> Names { get; } = new("--names") { Description = "The file in which you rename and merge call sites.", HelpName = "FILE" };
    public Option<string> WriteNames { get; } = new("--write-names") { Description = "Write such a file with every site that was found.", HelpName = "FILE" };
    public Option<string> Policy { get; } = new("--policy") { Description = "Write the proposed policy.", HelpName = "FILE" };
    public Option<string> Html { get; } = new("--html") { Description = "Write the report as one page with charts.", HelpName = "FILE" };
    public Option<string> Into { get; } = new("--into") { Description = "Keep the calls: ledger.", HelpName = "ledger" };
    public Option<string> Data { get; } = PolicyCommand.DataOption();
    public Option<bool> Force { get; } = new("--force") { Description = "Overwrite files that are there." };
    public Option<bool> All { get; } = new("--all") { Description = "Show every job, not only the dearest." };
    public Option<long> MinCalls { get; } = new("--min-calls") { Description = "Jobs with fewer calls are in the line of the rest.", HelpName = "N", DefaultValueFactory = _ => 0 };
    public Option<bool> ShowContent { get; } = new("--show-content") { Description = "Show how a prompt of each job begins. Without it no content leaves the log." };
    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON; amounts are exact to the nano-dollar." };

    public AuditOptions() => Into.AcceptOnlyFromAmong("ledger");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> InOrder =>
    [
        ClaudeCode, Codex, Ledger, Format, Mapping, Since, Until, PriceDate, Prices, ReportedCosts, Invoice, Tier, Names, WriteNames, Policy, Html, Into, Data, Force, All, MinCalls,
        ShowContent, Json,
    ];

    /// <summary>What of the options makes no sense together; null when all do.</summary>
    public (string Message, string? Fix)? Fault(ParseResult parsed)
    {
        var paths = parsed.GetValue(Paths) ?? [];
        var isLocal = parsed.GetValue(ClaudeCode) || parsed.GetValue(Codex);
        if (parsed.GetValue(Ledger))
        {
            if (paths.Length > 0 || isLocal) return ("--ledger audits what the ledger has: it takes no files.", "Leave out the paths, or --ledger.");
            if (parsed.GetValue(Into) is not null) return ("What is in the ledger need not be kept in it again.", "Leave out --into.");
            if (parsed.GetValue(Format) is not null || parsed.GetValue(Mapping) is not null) return ("--format and --mapping are about files.", "Leave them out.");
        }
        else if (paths.Length == 0 && !isLocal)
        {
            return ("There is nothing to audit.", "Name logs (files, folders, patterns, - for standard input), or give --claude-code, --codex or --ledger.");
        }
        if (paths.Count(path => path == "-") > 1) return ("Standard input can be read only once.", null);
        if (paths.Contains("-") && parsed.GetValue(Into) is not null)
            return ("--into ledger reads the logs twice, because sites are known only at the end; standard input can be read only once.", "Save it to a file first.");
        if (parsed.GetValue(Format) is { } format && LogImportOptions.Formats.All(known => known.Name != format))
            return ($"There is no format \"{format}\".", $"Formats: {string.Join(", ", LogImportOptions.Formats.Select(known => $"{known.Name} ({known.Title})"))}.");
        if (parsed.GetValue(Invoice) is { } invoice && Amount(invoice) is null) return ($"--invoice \"{invoice}\" is no amount.", "Write US dollars: 12431.02 or $12,431.02.");
        if (parsed.GetValue(MinCalls) < 0) return ("--min-calls is at least 0.", null);
        if (!parsed.GetValue(Force))
        {
            foreach (var path in new[] { parsed.GetValue(Policy), parsed.GetValue(Html), parsed.GetValue(WriteNames) }.OfType<string>())
            {
                if (File.Exists(path)) return ($"{path} is there already.", "Name another file, or give --force to overwrite it.");
            }
        }
        return null;
    }

    /// <summary>An amount of US dollars in nano-USD; null when it is none.</summary>
    public static long? Amount(string text)
    {
        var bare = text.Trim().TrimStart('$');
        return decimal.TryParse(bare, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var usd) && usd is >= 0 and < 9_000_000_000m
            ? (long)decimal.Round(usd * 1_000_000_000m)
            : null;
    }

    /// <summary>The command line again, to stand in what it made.</summary>
    public static string Again(ParseResult parsed) => string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)).Prepend("rung"));

    internal static string Quoted(string word) =>
        word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./=:,+@%".Contains(character, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
