using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Demo.Control;
using Rung.Storage;
using Spectre.Console;

namespace Rung.Commands;

/// <summary><c>rung demo control</c>: what the control loop does when a model gets worse and a price goes up, told as it happens.</summary>
internal static class DemoControlCommand
{
    private const string Note = "SIMULATED: the models, their answers, what people say of them, and the time, which runs 60 times faster. "
        + "REAL: HTTP over loopback, the gateway, the ledger, the control loop, its statistics, the rollout and the policy file.";

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the story as one JSON document at its end." };
        var keep = new Option<bool>("--keep") { Description = "Keep the ledger and the policy, and say where." };
        var seed = new Option<long>("--seed") { Description = "Decides every ticket and every simulated answer.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("control", "See the control loop at work: a model gets worse, its job is demoted, a price goes up, a rollout brings the job back.") { json, keep, seed };
        var switches = new DemoSwitches();
        switches.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var asJson = parsed.GetValue(json);
            var talk = asJson ? error : output;

            void Show(ControlStory story, ControlDemoOptions options)
            {
                if (asJson) Output.WriteJson(output, ToJson(story, options));
                else Write(output, story);
                output.Flush();
                if (story.Unfinished is { } unfinished) error.WriteLine($"rung: the story did not come to its end: {unfinished}.");
            }

            async Task StayAsync(ControlStory story, ControlDemoOptions options)
            {
                Show(story, options);
                DemoSwitches.SayStaying(talk, options.Url + story.Page);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            try
            {
                if (switches.Address(parsed, error) is not { } address) return ExitCode.Usage;
                var options = new ControlDemoOptions { Seed = parsed.GetValue(seed), Keep = parsed.GetValue(keep), Folder = Path.GetTempPath(), Url = address };
                DemoSwitches.Announce(talk, DemoSwitches.PageSince(address, TimeProvider.System.GetUtcNow()));
                error.WriteLine("rung: a story of one to three minutes; one second is a minute of it");
                var stays = switches.Stays(parsed);
                var story = await new ControlDemo(options, moment => Tell(talk, moment), TimeProvider.System).PlayAsync(stays ? told => StayAsync(told, options) : null, cancellationToken);
                if (!stays) Show(story, options);
                return story.Unfinished is null ? ExitCode.Ok : ExitCode.Faults;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                error.WriteLine("rung: stopped.");
                return ExitCode.Faults;
            }
            catch (LedgerException e)
            {
                return Output.Fail(error, e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
            {
                return Output.Fail(error, e.Message, "The demo needs a folder for temporary files that it may write, and free ports on 127.0.0.1.");
            }
        });
        return command;
    }

    /// <summary>One line of the story, wrapped under itself: when, who, what.</summary>
    private static void Tell(TextWriter output, ControlMoment moment)
    {
        Lines.Write(output, string.Create(CultureInfo.InvariantCulture, $"{(int)moment.At.TotalMinutes,4} min {moment.Who,-6} "), moment.Words);
        output.Flush();
    }

    private static void Write(TextWriter output, ControlStory story)
    {
        output.WriteLine();
        var table = new Table { Border = TableBorder.None };
        table.AddColumns(new TableColumn("act"), new TableColumn("calls").RightAligned(), new TableColumn("wrong queue").RightAligned(), new TableColumn("USD a call").RightAligned());
        foreach (var act in story.Acts)
        {
            table.AddRow(
                act.Name, act.Calls.ToString("N0", CultureInfo.InvariantCulture), act.Calls == 0 ? "" : (act.Wrong / (double)act.Calls).ToString("P1", CultureInfo.InvariantCulture),
                act.Calls == 0 ? "" : Output.Usd(act.CostNanoUsd / act.Calls));
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Lines.Width;
        console.Write(table);
        output.WriteLine();
        if (story.CallsToDemotion is { } calls)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From the day the model got worse to the demotion: {calls:N0} calls. In all {story.Calls:N0} calls, {story.Told.TotalMinutes:0} minutes told in {story.Wall.TotalSeconds:0} s."));
        Lines.Write(output, "", Note);
        if (story.Kept is not { } kept) return;
        output.WriteLine();
        output.WriteLine($"Kept in {kept}. Look at it as at any gateway's:");
        output.WriteLine($"  rung policy history --data {kept}");
        output.WriteLine($"  rung rollout list --data {kept}");
        output.WriteLine($"  rung alerts --all --data {kept}");
    }

    private static object ToJson(ControlStory story, ControlDemoOptions options) => new
    {
        Simulated = true, Note, options.Seed, TimeFactor = options.Factor, WallSeconds = Math.Round(story.Wall.TotalSeconds, 1), ToldMinutes = Math.Round(story.Told.TotalMinutes, 1),
        story.Calls, story.CallsToDemotion, Complete = story.Unfinished is null, story.Unfinished,
        Acts = story.Acts.Select(act => new { act.Name, act.Calls, act.Wrong, CostUsd = Output.UsdNumber(act.CostNanoUsd) }),
        Moments = story.Moments.Select(moment => new { Minute = Math.Round(moment.At.TotalMinutes, 1), moment.Who, moment.Words, moment.Calls }), story.Kept, story.Policy,
    };
}
