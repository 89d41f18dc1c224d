using Rung.Control.Audit;
using static Rung.Control.Tests.Audit.SomeSite;

namespace Rung.Control.Tests.Audit;

/// <summary>The team of the practitioners' reports: one frontier model for everything, a worker that runs forty times as often as the planner.</summary>
/// <remarks>docs/audit.md, "A worked example", prints the arithmetic; a test holds the page to it.</remarks>
public sealed record WorkedExample
{
    /// <summary>Tasks that the agent did.</summary>
    public const int Tasks = 1000;

    /// <summary>The model that does everything.</summary>
    public const string Model = Opus;

    /// <summary>The tag of the part, and its role.</summary>
    public required string Tag { get; init; }
    /// <summary>Its role in the log.</summary>
    public required string Role { get; init; }
    /// <summary>Calls of one task.</summary>
    public required int CallsPerTask { get; init; }
    /// <summary>Input tokens of a call.</summary>
    public required int InputTokens { get; init; }
    /// <summary>Output tokens of a call.</summary>
    public required int OutputTokens { get; init; }
    /// <summary>What its answers look like.</summary>
    public required OutputShape Shape { get; init; }
    /// <summary>The temperature that it asks for; null when it says nothing.</summary>
    public double? Temperature { get; init; }
    /// <summary>Whether its calls declare tools.</summary>
    public bool HasTools { get; init; }
    /// <summary>The step that follows each call and checks it; null when none does.</summary>
    public string? CheckedBy { get; init; }

    /// <summary>All parts.</summary>
    public static IReadOnlyList<WorkedExample> Parts { get; } =
    [
        new() { Tag = "plan-task", Role = "planner", CallsPerTask = 1, InputTokens = 6000, OutputTokens = 1200, Shape = OutputShape.Text },
        new() { Tag = "do-step", Role = "worker", CallsPerTask = 40, InputTokens = 3000, OutputTokens = 400, Shape = OutputShape.Text, CheckedBy = "run-tests" },
        new() { Tag = "review-step", Role = "critic", CallsPerTask = 4, InputTokens = 4000, OutputTokens = 250, Shape = OutputShape.Text },
        new() { Tag = "file-operations", Role = "file-ops", CallsPerTask = 25, InputTokens = 1500, OutputTokens = 120, Shape = OutputShape.ToolCalls, Temperature = 0, HasTools = true },
    ];

    /// <summary>Calls of all tasks.</summary>
    public long Calls => (long)Tasks * CallsPerTask;

    /// <summary>The site that an audit of such a log finds.</summary>
    internal CallSite Site()
    {
        var use = Use(Model, Calls, Calls * InputTokens, Calls * OutputTokens);
        return Named(Tag, Plain(use) with
        {
            Input = new Spread(Calls, InputTokens, InputTokens), Output = new Spread(Calls, OutputTokens, OutputTokens), LongestInput = InputTokens,
            Shapes = Shapes((Shape, Calls)),
            AtZeroTemperature = Temperature is { } asked ? new Share(asked == 0 ? Calls : 0, Calls) : default,
            WithTools = new Share(HasTools ? Calls : 0, Calls),
            FirstOfRun = new Share(Role == "planner" ? Calls : 0, Calls), LastOfRun = new Share(Role == "critic" ? Tasks : 0, Calls),
            Validated = new Share(CheckedBy is null ? 0 : Calls, Calls), Validators = CheckedBy is null ? [] : [CheckedBy],
        }, Role);
    }
}
