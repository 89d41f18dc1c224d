using System.CommandLine;
using Rung.Commands.Policy;

namespace Rung.Commands;

/// <summary>The command line of <c>rung calibrate</c>.</summary>
internal sealed class CalibrateOptions
{
    public Option<string> Policy { get; } = PolicyCommand.PolicyOption($"The policy: {PolicyFinder.Forms}.");
    public Option<string> Data { get; } = PolicyCommand.DataOption();
    public Option<string> Tag { get; } = new("--tag") { Description = "The tag whose cascade is calibrated.", HelpName = "TAG", Required = true };
    public Option<string[]> Outcomes { get; } = new("--outcomes") { Description = "Recorded outcomes, .jsonl or .jsonl.gz.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    public Option<string[]> Responses { get; } = UpstreamCommand.ResponsesOption();
    public Option<string> Eval { get; } = new("--eval") { Description = "Instead of files: a stored eval run, or a set whose newest run is taken; its test part.", HelpName = "RUN" };
    public Option<string> Label { get; } = new("--label") { Description = "Field with the grade (default: correct, else score).", HelpName = "NAME" };
    public Option<bool> TagFromSource { get; } = new("--tag-from-source") { Description = "Only rows whose source is the tag (default: every row)." };
    public Option<double> QualityLoss { get; } = new("--quality-loss")
    {
        Description = "Most mean grade that may be lost against the strong model, 0.0001 to 1.", HelpName = "E", DefaultValueFactory = _ => 0.02,
    };
    public Option<double> Confidence { get; } = new("--confidence") { Description = "How surely, 0.5 to 0.9999.", HelpName = "P", DefaultValueFactory = _ => 0.95 };
    public Option<string> Method { get; } = new("--method") { Description = "Which p-value decides: betting, hoeffding_bentkus or binomial.", HelpName = "TEST", DefaultValueFactory = _ => "betting" };
    public Option<string> Weak { get; } = new("--weak") { Description = "The model that answers first (default: the first of the tag's tier).", HelpName = "MODEL" };
    public Option<string> Strong { get; } = new("--strong") { Description = "The model to measure against (default: the first that a climb reaches).", HelpName = "MODEL" };
    public Option<int?> CrossFit { get; } = new("--cross-fit") { Description = "Score each row by a verifier trained on the other ones, in so many folds, 2 to 20.", HelpName = "K" };
    public Option<int?> Splits { get; } = new("--splits") { Description = "Also split the rows at random so many times, and count broken promises on the held-out parts.", HelpName = "N" };
    public Option<double> SplitShare { get; } = new("--split-share") { Description = "Share of the groups that a split calibrates on, above 0 and below 1.", HelpName = "S", DefaultValueFactory = _ => 0.5 };
    public Option<long> Seed { get; } = new("--seed") { Description = "Seed of splits and folds.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public Option<string> Out { get; } = new("--out") { Description = "Where the certificate goes (default: evidence/TAG.json beside the policy).", HelpName = "FILE" };
    public Option<bool> Write { get; } = new("--write") { Description = "Put the threshold and the evidence into the policy file." };
    public Option<bool> Json { get; } = PolicyCommand.JsonOption();

    public CalibrateOptions() => Method.AcceptOnlyFromAmong("betting", "hoeffding_bentkus", "binomial");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
        [Tag, Outcomes, Responses, Eval, Label, TagFromSource, Policy, Data, QualityLoss, Confidence, Method, Weak, Strong, CrossFit, Splits, SplitShare, Seed, Out, Write, Json];

    /// <summary>What of the options makes no sense; null when all do.</summary>
    public (string Message, string Fix)? Fault(ParseResult parsed)
    {
        var hasFiles = parsed.GetValue(Outcomes) is { Length: > 0 };
        if (parsed.GetValue(Eval) is not null)
        {
            if (hasFiles || parsed.GetValue(Responses) is { Length: > 0 }) return ("--eval and --outcomes exclude each other.", "Leave one of them out.");
            if (parsed.GetValue(Label) is not null || parsed.GetValue(TagFromSource)) return ("A run of an eval has one grade and one tag: --label and --tag-from-source are for --outcomes.", "Leave them out.");
            if (parsed.GetValue(CrossFit) is not null) return ("The test part of an eval never trains anything, so there is nothing to cross-fit.", "Leave out --cross-fit; train with rung train verifier --eval.");
        }
        else if (!hasFiles) return ("There is nothing to calibrate on.", "Give a stored eval run: --eval RUN, or recorded outcomes: --outcomes FILE");
        if (!(parsed.GetValue(QualityLoss) is >= 0.0001 and < 1)) return ("--quality-loss is at least 0.0001 and below 1.", "Two points of a hundred are 0.02.");
        if (!(parsed.GetValue(Confidence) is >= 0.5 and <= 0.9999)) return ("--confidence is 0.5 to 0.9999.", "Usual is 0.95.");
        if (parsed.GetValue(Splits) is < 1 or > 1_000_000) return ("--splits is 1 to 1,000,000.", "Usual is 1000.");
        if (!(parsed.GetValue(SplitShare) is > 0 and < 1)) return ("--split-share lies between 0 and 1.", "Usual is 0.5.");
        if (parsed.GetValue(CrossFit) is < 2 or > 20) return ("--cross-fit is 2 to 20 folds.", "Usual is 5.");
        return null;
    }
}
