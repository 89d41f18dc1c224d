using System.CommandLine;
using System.Text.Json;
using Rung.Recorded;

namespace Rung.Commands;

/// <summary><c>rung upstream</c>: an OpenAI-compatible server that answers what real models were recorded to answer.</summary>
internal static class UpstreamCommand
{
    private static readonly JsonSerializerOptions s_oneLine = new(Output.Json) { WriteIndented = false };

    public static Command Create()
    {
        var outcomes = OutcomesOption();
        var responses = ResponsesOption();
        var standIns = StandInsOption();
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, several separated by semicolons. Port 0 takes a free one.", HelpName = "URL", DefaultValueFactory = _ => RecordedUpstreamOptions.DefaultUrl,
        };
        var latency = new Option<string>("--latency")
        {
            Description = "Wait before an answer: none, recorded, or milliseconds as MS or MIN-MAX.", HelpName = "WAIT", DefaultValueFactory = _ => "none",
        };
        var chunk = new Option<int>("--chunk-chars") { Description = "Characters of one streamed piece.", HelpName = "N", DefaultValueFactory = _ => 24 };
        var pace = new Option<int>("--piece-ms") { Description = "Wait before each streamed piece, in milliseconds; a plain reply takes as long as its stream.", HelpName = "MS" };
        var seed = new Option<long>("--seed") { Description = "Seed of faults with a share and of waits between bounds.", HelpName = "N" };
        var faults = new Option<string[]>("--fault")
        {
            Description = $"Make a model fail: MODEL=KIND[:SHARE], KIND one of {RecordedFault.Kinds}; MODEL * means every one. Repeatable.", HelpName = "FAULT",
        };
        var json = new Option<bool>("--json") { Description = "When listening, print one line of JSON: url, prompts, models." };

        var command = new Command("upstream", "Serve recorded answers of real models as an OpenAI-compatible API.")
        {
            outcomes, responses, standIns, urls, latency, chunk, pace, seed, faults, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            try
            {
                var options = new RecordedUpstreamOptions
                {
                    Urls = parsed.GetRequiredValue(urls).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                    Latency = RecordedLatency.Parse(parsed.GetRequiredValue(latency)),
                    ChunkChars = parsed.GetValue(chunk),
                    Pace = TimeSpan.FromMilliseconds(parsed.GetValue(pace)),
                    Seed = parsed.GetValue(seed),
                    Faults = [.. (parsed.GetValue(faults) ?? []).Select(RecordedFault.Parse)],
                };
                var reading = new RecordedReading { StandIns = parsed.GetValue(standIns) };
                var recorded = await RecordedOutcomes.ReadAsync(parsed.GetRequiredValue(outcomes), parsed.GetValue(responses) ?? [], reading, cancellationToken);
                ReportReading(recorded, error);
                await using var upstream = await RecordedUpstream.StartAsync(recorded, options, cancellationToken);

                await error.WriteLineAsync($"rung: recorded upstream on {upstream.Url}v1: {recorded.Rows.Count} prompts, {recorded.Models.Count} models");
                if (parsed.GetValue(json))
                {
                    var ready = new { Url = upstream.Url.ToString().TrimEnd('/'), Prompts = recorded.Rows.Count, Models = recorded.Models.Count };
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(JsonSerializer.Serialize(ready, s_oneLine));
                    await parsed.InvocationConfiguration.Output.FlushAsync(cancellationToken);
                }
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return ExitCode.Ok;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Ok; // Being told to stop is how a server ends well.
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException or FormatException
                or ArgumentException or InvalidOperationException)
            {
                return Output.Fail(error, unusable.Message);
            }
        });
        return command;
    }

    /// <summary>The option that names outcome files, shared with <c>rung drive</c>.</summary>
    internal static Option<string[]> OutcomesOption() => new("--outcomes")
    {
        Description = "Recorded outcomes, .jsonl or .jsonl.gz.", HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The option that names files of answers, shared with <c>rung drive</c>.</summary>
    internal static Option<string[]> ResponsesOption() => new("--responses")
    {
        Description = "Answers kept apart from the outcomes; responses*.jsonl[.gz] beside them are found by themselves.", HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The option that lets graded answers without text be stood in for, shared with <c>rung drive</c>.</summary>
    internal static Option<bool> StandInsOption() => new("--stand-ins")
    {
        Description = "Where only an answer's grade was recorded, answer with a labelled stand-in of that grade.",
    };

    /// <summary>Says what could not be read or was not used.</summary>
    /// <param name="recorded">What was read.</param>
    /// <param name="error">Where it is said.</param>
    /// <param name="withStandIns">Whether to count stand-ins.</param>
    internal static void ReportReading(RecordedOutcomes recorded, TextWriter error, bool withStandIns = true)
    {
        foreach (var fault in recorded.Faults) error.WriteLine($"rung: {fault.File}, line {fault.Line}: {fault.Message}");
        if (recorded.FaultCount > recorded.Faults.Count) error.WriteLine($"rung: {recorded.FaultCount - recorded.Faults.Count} more faulty lines");
        if (recorded.Duplicates > 0) error.WriteLine($"rung: {recorded.Duplicates} rows repeat a prompt; the first row of a prompt answers");
        if (withStandIns && recorded.StandIns > 0) error.WriteLine($"rung: {recorded.StandIns} answers are stand-ins: only their grades were recorded, so no check can judge them");
        if (recorded.UnmatchedResponses > 0) error.WriteLine($"rung: {recorded.UnmatchedResponses} responses belong to no row and are not used");
    }
}
