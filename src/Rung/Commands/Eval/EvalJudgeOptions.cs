using System.CommandLine;
using Rung.Commands.Policy;

namespace Rung.Commands.Eval;

/// <summary>The command line of <c>rung eval judge</c>.</summary>
internal sealed class EvalJudgeOptions
{
    public Option<string> Run { get; } = new("--run") { Description = "A run whose judge is judged: rung eval run prints its id.", HelpName = "RUN" };
    public Option<string> Labels { get; } = new("--labels") { Description = "With --run: what people said, .jsonl or .csv with row, candidate and score (0 to 1).", HelpName = "FILE" };
    public Option<string> Tag { get; } = new("--tag") { Description = "A tag whose judge is put to the test with anchors: items with known answers.", HelpName = "TAG" };
    public Option<string> Anchors { get; } = new("--anchors") { Description = "With --tag: anchors to add, .jsonl; without it those that are stored are asked again.", HelpName = "FILE" };
    public Option<string> Simulate { get; } = new("--simulate")
    {
        Description = "Try the report itself on a simulated judge with known leanings: position=0.1,length=0.05,self=0.08.", HelpName = "LEANINGS",
    };
    public Option<int> Rows { get; } = new("--rows") { Description = "With --simulate: rows of a run, 40 to 20,000.", HelpName = "N", DefaultValueFactory = _ => 400 };
    public Option<int?> Labelled { get; } = new("--labelled") { Description = "With --simulate: of these, rows that people label, at least 10 (default: every fourth).", HelpName = "N" };
    public Option<int> Repetitions { get; } = new("--repetitions") { Description = "With --simulate: runs, 1 to 10,000.", HelpName = "N", DefaultValueFactory = _ => 500 };
    public Option<int> Seed { get; } = new("--seed") { Description = "Seed of the simulation, and of the marks around what is judged.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public Option<string> Policy { get; } = PolicyCommand.PolicyOption($"The policy: {PolicyFinder.Forms}.");
    public Option<string> Data { get; } = PolicyCommand.DataOption();
    public Option<bool> Json { get; } = PolicyCommand.JsonOption();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [Run, Labels, Tag, Anchors, Simulate, Rows, Labelled, Repetitions, Seed, Policy, Data, Json];

    /// <summary>What of the options makes no sense; null when all do.</summary>
    public (string Message, string Fix)? Fault(ParseResult parsed)
    {
        var chosen = new[] { Run, Tag, Simulate }.Count(option => parsed.GetValue(option) is not null);
        if (chosen != 1) return (chosen == 0 ? "Which judge?" : "--run, --tag and --simulate are three questions.", "Give one of --run RUN (its verdicts), --tag TAG (its anchors) and --simulate LEANINGS.");
        if (parsed.GetValue(Labels) is not null && parsed.GetValue(Run) is null) return ("--labels belong to a run.", "Add --run RUN.");
        if (parsed.GetValue(Anchors) is not null && parsed.GetValue(Tag) is null) return ("--anchors belong to a tag.", "Add --tag TAG.");
        if (parsed.GetValue(Rows) is < 40 or > 20_000) return ("--rows is 40 to 20,000.", "Usual is 400.");
        if (parsed.GetValue(Labelled) is { } labelled && (labelled < 10 || labelled > parsed.GetValue(Rows))) return ("--labelled is at least 10, and at most --rows.", "Usual is a quarter of the rows.");
        if (parsed.GetValue(Repetitions) is < 1 or > 10_000) return ("--repetitions is 1 to 10,000.", "Usual is 500.");
        return null;
    }
}
