using System.CommandLine;
using Rung.Commands;
using Rung.Commands.Alerts;
using Rung.Commands.Audit;
using Rung.Commands.Checking;
using Rung.Commands.Content;
using Rung.Commands.Eval;
using Rung.Commands.Measure;
using Rung.Commands.Policy;
using Rung.Commands.Replay;
using Rung.Commands.Review;
using Rung.Commands.Review.Terminal;
using Rung.Commands.Rollout;

// Sockets complete inline: nothing on the path of a call blocks, and a hand-over to another thread costs more than the work. Must be set
// before the first socket; whoever sets the variable outside decides otherwise.
const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
if (args is ["serve", ..] && Environment.GetEnvironmentVariable(InlineCompletions) is null) Environment.SetEnvironmentVariable(InlineCompletions, "1");

var root = new RootCommand("Rung puts every LLM call on the right rung of a ladder of models.")
{
    DemoCommand.Create(),
    AuditCommand.Create(Console.OpenStandardInput, TimeProvider.System),
    ServeCommand.Create(),
    PolicyCommand.Create(TimeProvider.System, Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In),
    RolloutCommand.Create(TimeProvider.System, Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In),
    ControlCommand.Create(TimeProvider.System),
    ExplainCommand.Create(TimeProvider.System),
    ReportCommand.Create(),
    QualityCommand.Create(TimeProvider.System),
    MeasureCommand.Create(TimeProvider.System),
    FeedbackCommand.Create(TimeProvider.System),
    AlertsCommand.Create(TimeProvider.System),
    BudgetCommand.Create(TimeProvider.System),
    ContentCommand.Create(TimeProvider.System, Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In),
    PricesCommand.Create(TimeProvider.System),
    UpstreamCommand.Create(),
    DriveCommand.Create(),
    ReplayCommand.Create(TimeProvider.System),
    SimulateCommand.Create(TimeProvider.System),
    CheckCommand.Create(Console.OpenStandardInput, TimeProvider.System),
    CalibrateCommand.Create(TimeProvider.System),
    TrainCommand.Create(TimeProvider.System),
    EvalCommand.Create(TimeProvider.System),
    ReviewCommand.Create(TimeProvider.System, ReviewTerminal.OfProcess),
    VersionCommand.Create(),
};
return await CommandLine.RunAsync(root, args, configuration: null);
