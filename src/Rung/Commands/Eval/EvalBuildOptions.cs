using System.CommandLine;
using System.Globalization;
using System.Text;
using Rung.Commands.Policy;
using Rung.Control.Evals.Sets;
using Rung.Control.Evals.Sets.References;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary>The options of <c>rung eval build</c>.</summary>
internal sealed class EvalBuildOptions
{
    private const int DefaultSize = 200;
    private static readonly string[] s_modes = ["auto", "frontier", "captured", "given", "none"];

    public Option<string?> Tag { get; } = new("--tag") { Description = "The job: calls of this tag are sampled. With --from, the job that the rows are about.", HelpName = "TAG" };
    public Option<string?> Set { get; } = new("--set") { Description = "Name of the set; the tag's, or the file's, unless told otherwise.", HelpName = "NAME" };
    public Option<int?> Size { get; } = new("--size") { Description = $"Rows wanted; {DefaultSize} of captured calls, all rows of files unless told otherwise.", HelpName = "N" };
    public Option<long> Seed { get; } = new("--seed") { Description = "Decides every random choice.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public Option<string?> Since { get; } = new("--since") { Description = "Calls from then on: 7d, 24h, 90m, or an ISO date or time (UTC).", HelpName = "WHEN" };
    public Option<string?> Until { get; } = new("--until") { Description = "Calls before then; as --since.", HelpName = "WHEN" };
    public Option<double> Holdout { get; } = new("--holdout") { Description = "Share of the rows that is held out for deciding and never trains anything, 0 to 1.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
    public Option<double> NearDuplicates { get; } = new("--near-duplicates") { Description = "Likeness (Jaccard index over runs of three words) from which a row is left out as a near-duplicate, 0.5 to 1.", HelpName = "SHARE", DefaultValueFactory = _ => EvalSampling.DefaultNearDuplicates };
    public Option<string[]?> From { get; } = new("--from") { Description = "Rows from files instead of captured calls: JSONL, CSV, Langfuse datasets, OpenAI evals, recorded outcomes, exported sets; .gz too; '-' is standard input.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    public Option<string?> Source { get; } = new("--source") { Description = "Of recorded outcomes, only rows whose source begins so; it is their tag, unless --tag names another.", HelpName = "PREFIX" };
    public Option<string> References { get; } = new("--references") { Description = "Where references come from: auto (given, else captured, else the reference tier is asked), frontier, captured, given, none.", HelpName = "FROM", DefaultValueFactory = _ => "auto" };
    public Option<decimal?> MaxUsd { get; } = new("--max-usd") { Description = "Most that may be spent on references, what a stopped build of the same set has spent included.", HelpName = "USD" };
    public Option<bool> Yes { get; } = new("--yes") { Description = "Do not ask before spending. Needed, or --max-usd, where nobody can be asked." };
    public Option<int> Concurrency { get; } = new("--concurrency") { Description = "Questions at once, 1 to 64.", HelpName = "N", DefaultValueFactory = _ => ReferenceTerms.DefaultConcurrency };
    public Option<bool> AllowMissing { get; } = new("--allow-missing") { Description = "Store the set even if questions failed: their rows stay without a reference." };
    public Option<string?> Answers { get; } = new("--answers") { Description = "People's answers for the newest version of --set: JSONL or CSV with id and answer (and by). Makes a new version.", HelpName = "FILE" };
    public Option<string?> By { get; } = new("--by") { Description = "Who gave the answers that name nobody.", HelpName = "NAME" };
    public Option<string> Policy { get; } = PolicyCommand.PolicyOption($"The policy whose reference tier is asked: {PolicyFinder.Forms}.");
    public Option<string> Data { get; } = EvalStore.DataOption();
    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON." };

    public EvalBuildOptions() => References.AcceptOnlyFromAmong(s_modes);

    public IEnumerable<Option> All => [Tag, Set, Size, Seed, Since, Until, Holdout, NearDuplicates, From, Source, References, MaxUsd, Yes, Concurrency, AllowMissing, Answers, By, Policy, Data, Json];

    /// <summary>The first thing that is wrong with a command line; null when nothing is.</summary>
    public (string Message, string Fix)? Fault(ParseResult parsed)
    {
        var (tag, from, answers, set) = (parsed.GetValue(Tag), parsed.GetValue(From), parsed.GetValue(Answers), parsed.GetValue(Set));
        var isFile = from is { Length: > 0 };
        if (answers is not null && (set is null || isFile || tag is not null)) return ("--answers goes with --set alone.", "Name the set whose newest version gets the answers: rung eval build --set NAME --answers FILE");
        if (answers is null && !isFile && tag is null) return ("It is not said what the set is made of.", "Give --tag T for captured calls, or --from FILE.");
        if (set is not null && !EvalSetDraft.IsName(set)) return ($"'{set}' is no name of a set.", $"Use 1 to {EvalSetDraft.LongestName} of a-z, 0-9, '.', '_', '-'.");
        if (isFile && (parsed.GetValue(Since) ?? parsed.GetValue(Until)) is not null) return ("Files have no --since and no --until.", "Leave them out.");
        if (!isFile && parsed.GetValue(Source) is not null) return ("--source goes with --from.", "Name a file of recorded outcomes.");
        if (parsed.GetValue(MaxUsd) is <= 0) return ("--max-usd must be above 0.", "To ask nobody: --references given, captured or none.");
        if (parsed.GetValue(Concurrency) is < 1 or > 64) return ("--concurrency must be 1 to 64.", "4 is the default.");
        return Sampling(parsed).Fault() is { } fault ? (fault, "Correct the option.") : null;
    }

    public ReferenceMode Mode(ParseResult parsed) => (ReferenceMode)Array.IndexOf(s_modes, parsed.GetRequiredValue(References));

    public long? MaxNanoUsd(ParseResult parsed) => parsed.GetValue(MaxUsd) is { } usd ? (long)Math.Min(usd * 1_000_000_000m, long.MaxValue) : null;

    public EvalSampling Sampling(ParseResult parsed) => new()
    {
        Size = parsed.GetValue(Size) ?? (parsed.GetValue(From) is { Length: > 0 } ? null : DefaultSize),
        Seed = parsed.GetValue(Seed), Holdout = parsed.GetValue(Holdout), NearDuplicates = parsed.GetValue(NearDuplicates),
    };

    /// <summary>The name of the set.</summary>
    public string NameOf(ParseResult parsed)
    {
        if (parsed.GetValue(Set) is { } set) return set;
        return Slug(parsed.GetValue(Tag) ?? parsed.GetValue(Source) ?? Path.GetFileName(parsed.GetValue(From)![0]).Split('.')[0]);
    }

    /// <summary>A text as a name or a tag: lower case, a dash for each run of characters that these do not have.</summary>
    public static string Slug(string said)
    {
        var name = new StringBuilder();
        foreach (var c in said.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') name.Append(c);
            else if (name.Length > 0 && name[^1] != '-') name.Append('-');
        }
        var text = name.ToString().Trim('-');
        return text.Length == 0 ? "set" : text[..Math.Min(text.Length, EvalSetDraft.LongestName)];
    }

    /// <summary>The command in one line, as it is kept with the set: what decides the rows and the references.</summary>
    public string MadeBy(ParseResult parsed)
    {
        var line = new StringBuilder("rung eval build");
        foreach (var option in All)
        {
            if (option == (Option)Data || option == (Option)Json || option == (Option)Yes || option == (Option)Concurrency || option == (Option)MaxUsd || parsed.GetResult(option) is not { Implicit: false } given) continue;
            line.Append(' ').Append(option.Name);
            foreach (var token in given.Tokens) line.Append(' ').Append(token.Value.Contains(' ', StringComparison.Ordinal) ? $"'{token.Value}'" : token.Value);
        }
        return line.ToString();
    }

    /// <summary>What decides the rows and who is asked: two builds with the same are the same build.</summary>
    public string Key(ParseResult parsed, string name, IReadOnlyList<string> models)
    {
        var sampling = Sampling(parsed);
        var text = string.Join('\n', [
            name, parsed.GetValue(Tag) ?? "", string.Join('\t', parsed.GetValue(From) ?? []), parsed.GetValue(Source) ?? "", parsed.GetValue(Since) ?? "", parsed.GetValue(Until) ?? "",
            sampling.Size?.ToString(CultureInfo.InvariantCulture) ?? "all", sampling.Seed.ToString(CultureInfo.InvariantCulture), sampling.Holdout.ToString("R", CultureInfo.InvariantCulture),
            sampling.NearDuplicates.ToString("R", CultureInfo.InvariantCulture), parsed.GetRequiredValue(References), string.Join('\t', models)]);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
