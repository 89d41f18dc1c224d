using System.CommandLine;
using Rung.Commands;
using Rung.Commands.Alerts;
using Rung.Core.Alerts;
using Rung.Storage;
using Rung.Tests.Policy;

namespace Rung.Tests.Alerts;

/// <summary>A data directory with alerts, on a clock that is set by hand, and the command over it.</summary>
internal sealed class AlertsFolder : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-alerts-");
    private readonly AlertBook book = new(new AlertTimes(), []);

    public AlertsFolder() => Ledger = Ledger.Open(Data, Clock);

    public Moved Clock { get; } = new();

    public Ledger Ledger { get; }

    public string Data => Path.Combine(folder.FullName, ".rung");

    public static AlertCondition Floor(string tag = "classify-intent", AlertSeverity severity = AlertSeverity.Critical) => new()
    {
        Key = $"floor:{tag}", Kind = AlertKind.QualityFloor, Severity = severity, Tag = tag, Since = Noon.AddDays(-5), Cause = "revision 14 moved it to small", Next = "rung policy diff 13 14",
        Summary = $"quality dropped on tier small of {tag}: 0.951 ± 0.012, floor 0.97, since revision 14 at 2026-11-17 12:00 UTC; demoted to mid",
    };

    public string At(string name) => Path.Combine(folder.FullName, name);

    /// <summary>A step of a control loop at a minute after noon.</summary>
    public async Task StepAsync(double minute, params AlertCondition[] conditions)
    {
        Clock.Now = Noon.AddMinutes(minute);
        var observed = book.Observe(conditions, await Ledger.ListSilencesAsync(Clock.Now, default), Clock.Now);
        await Ledger.SaveAlertsAsync(observed.Changed, observed.Transitions, default);
    }

    public async Task<Printed> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { AlertsCommand.Create(Clock) };
        var code = await CommandLine.RunAsync(root, ["alerts", .. args], new InvocationConfiguration { Output = output, Error = error });
        return new Printed(code, Plain(output), Plain(error));
    }

    public Task<Printed> RunHereAsync(params string[] args) => RunAsync([.. args, "--data", Data]);

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private string Plain(StringWriter text) => text.ToString().Replace(folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    internal sealed class Moved : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Noon;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
