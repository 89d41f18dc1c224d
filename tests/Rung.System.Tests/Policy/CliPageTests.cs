using System.CommandLine;
using Rung.Commands;
using Rung.Commands.Alerts;
using Rung.Commands.Audit;
using Rung.Commands.Checking;
using Rung.Commands.Eval;
using Rung.Commands.Measure;
using Rung.Commands.Content;
using Rung.Commands.Policy;
using Rung.Commands.Replay;
using Rung.Commands.Review;
using Rung.Commands.Rollout;

namespace Rung.Tests.Policy;

/// <summary>docs/cli.md and the commands say the same.</summary>
public sealed class CliPageTests
{
    [Fact]
    public void Every_command_and_every_option_is_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository(), "docs", "cli.md"));
        var root = new RootCommand
        {
            ServeCommand.Create(), PolicyCommand.Create(TimeProvider.System, terminal: null), ReportCommand.Create(), PricesCommand.Create(TimeProvider.System),
            AuditCommand.Create(() => Stream.Null, TimeProvider.System), ExplainCommand.Create(TimeProvider.System), UpstreamCommand.Create(), DriveCommand.Create(), ReplayCommand.Create(TimeProvider.System), CheckCommand.Create(() => Stream.Null, TimeProvider.System),
            CalibrateCommand.Create(TimeProvider.System), TrainCommand.Create(TimeProvider.System), EvalCommand.Create(TimeProvider.System), DemoCommand.Create(), VersionCommand.Create(),
            QualityCommand.Create(TimeProvider.System), FeedbackCommand.Create(TimeProvider.System), ContentCommand.Create(TimeProvider.System, terminal: null),
            ReviewCommand.Create(TimeProvider.System, () => null), RolloutCommand.Create(TimeProvider.System, terminal: null), ControlCommand.Create(TimeProvider.System), MeasureCommand.Create(TimeProvider.System),
            AlertsCommand.Create(TimeProvider.System), BudgetCommand.Create(TimeProvider.System), SimulateCommand.Create(TimeProvider.System),
        };

        foreach (var command in root.Subcommands.SelectMany(command => command.Subcommands.Count == 0 ? [(command.Name, command)] : command.Subcommands.Select(sub => ($"{command.Name} {sub.Name}", sub))))
        {
            Assert.Contains($"`rung {command.Item1}`", page, StringComparison.Ordinal);
            // The section of the command, or of its group.
            var section = Section(page, $"rung {command.Item1}") ?? Section(page, $"rung {command.Item1.Split(' ')[0]}") ?? page;
            Assert.All(command.Item2.Options, option => Assert.Contains(option.Name, section, StringComparison.Ordinal));
        }
    }

    private static string? Section(string page, string name) =>
        page.Split("\n## ").FirstOrDefault(section => section.Split('\n')[0].Contains($"`{name}`", StringComparison.Ordinal));

    private static string Repository()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Rung.slnx"))) return at.FullName;
        }
        throw new InvalidOperationException("The tests do not lie in a checkout.");
    }
}
