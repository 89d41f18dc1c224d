using System.CommandLine;
using System.Text.Json;
using Rung.Core.Checks.Schema;

namespace Rung.Commands.Checking;

/// <summary><c>rung check</c>: judges documents by a JSON Schema, or the schema engine by a folder of tests.</summary>
internal static class CheckCommand
{
    private const string Latest = "2020-12";

    /// <summary>The command.</summary>
    /// <param name="standardInput">Opens what <c>--data -</c> reads.</param>
    /// <param name="clock">For the pace of progress on standard error.</param>
    public static Command Create(Func<Stream> standardInput, TimeProvider clock)
    {
        var schema = new Option<string>("--schema") { Description = "The JSON Schema to judge by.", HelpName = "FILE" };
        var data = new Option<string>("--data") { Description = "One JSON document a line, plain or gzipped; - is standard input.", HelpName = "FILE|-" };
        var formats = new Option<bool>("--formats") { Description = "Assert format; else it is an annotation." };
        var bundle = new Option<string[]>("--bundle")
        {
            Description = "Documents that the schema refers to: files, or folders of .json files. Nothing is fetched.", HelpName = "DIR|FILE", AllowMultipleArgumentsPerToken = true,
        };
        var suite = new Option<string>("--suite") { Description = "A folder of tests in the layout of the official JSON Schema test suite.", HelpName = "DIR" };
        var draft = new Option<string>("--draft") { Description = $"The draft of schemas that do not name theirs (default {Latest}); with --suite only the tests of this draft.", HelpName = "2020-12|7" };
        draft.AcceptOnlyFromAmong(Latest, "7");
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("check", "Judge JSON documents by a JSON Schema, or run a folder of schema tests. Exit code 1 when something is invalid.")
        {
            schema, data, formats, bundle, suite, draft, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var asked = parsed.GetValue(draft) switch { null => (SchemaDraft?)null, "7" => SchemaDraft.Draft7, _ => SchemaDraft.Draft202012 };
            try
            {
                if (parsed.GetValue(suite) is { } folder)
                {
                    if (parsed.GetValue(schema) is not null || parsed.GetValue(data) is not null || parsed.GetValue(formats) || parsed.GetValue(bundle) is { Length: > 0 })
                    {
                        return Output.Fail(error, "--suite brings its own schemas, documents and remotes.", "Leave out --schema, --data, --formats and --bundle.");
                    }
                    return RunSuite(folder, asked, parsed.GetValue(json), output, error);
                }
                if (parsed.GetValue(schema) is not { } schemaPath || parsed.GetValue(data) is not { } dataPath)
                {
                    return Output.Fail(error, "There is nothing to check.", "Give --schema FILE and --data FILE, or --suite DIR.");
                }
                var options = new SchemaOptions
                {
                    Draft = asked ?? SchemaDraft.Draft202012, AssertFormats = parsed.GetValue(formats), BaseUri = new Uri(Path.GetFullPath(schemaPath)),
                };
                var documents = SchemaBundle.Read(parsed.GetValue(bundle) ?? []);
                if (documents.Unreadable > 0) error.WriteLine($"rung: {documents.Unreadable} .json files of the bundle are not JSON and were left out.");
                var compiled = JsonSchema.Compile(await File.ReadAllBytesAsync(schemaPath, cancellationToken), options with { Bundle = documents.Find }, out var fault);
                if (compiled is null)
                {
                    return Output.Fail(error, $"{schemaPath}: {fault}", documents.Missed is { } missed ? $"Give the file of {missed} with --bundle." : null);
                }
                await using var lines = dataPath == "-" ? await DocumentStream.UnpackAsync(standardInput(), cancellationToken) : DocumentStream.Open(dataPath);
                var run = new DocumentRun(compiled, new CheckProgressLine(error, clock));
                return await JudgeAsync(run, lines, schemaPath, dataPath, parsed.GetValue(json), output, error, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Faults;
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or ArgumentException)
            {
                return Output.Fail(error, unusable.Message);
            }
        });
        return command;
    }

    private static int RunSuite(string folder, SchemaDraft? draft, bool asJson, TextWriter output, TextWriter error)
    {
        var report = SuiteRun.Run(SuiteFolder.Find(folder, draft));
        if (asJson) Output.WriteJson(output, report);
        else SuiteTable.Write(output, report);
        // A folder that holds only optional tests is asked for their sake.
        var decides = report.Required.Total > 0 ? report.Required : report.Optional;
        if (!report.HasRemotes) error.WriteLine("rung: there is no folder remotes beside the tests; references to http://localhost:1234/ are refused.");
        return decides.Failed + decides.Refused == 0 ? ExitCode.Ok : ExitCode.Faults;
    }

    private static async Task<int> JudgeAsync(
        DocumentRun run, Stream lines, string schema, string data, bool asJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        // Lines for people go out as they are found; JSON is one document at the end.
        var report = await run.JudgeAsync(schema, lines, asJson ? null : document => DocumentTable.Write(output, data, document), cancellationToken);
        if (asJson) Output.WriteJson(output, report);
        else DocumentTable.WriteSummary(output, report);
        if (report.Documents == 0) error.WriteLine($"rung: {data} holds no document.");
        else if (report.NotJson * 2 > report.Documents) error.WriteLine("rung: most lines are not JSON. Wanted is one document a line; a document over several lines is put on one with: jq -c .");
        return report.Invalid == 0 ? ExitCode.Ok : ExitCode.Faults;
    }
}
