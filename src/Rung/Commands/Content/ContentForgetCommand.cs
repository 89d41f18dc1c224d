using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands.Content;

/// <summary><c>rung content forget</c>: deletes content by call, session, user, age or tag, wherever it has got to, and leaves no trace of it in the files.</summary>
internal static class ContentForgetCommand
{
    private const string DefaultReason = "deleted on request";

    // How many characters of an id the gateway keeps.
    private const int LongestKept = 128;

    public static Command Create(TimeProvider clock, TextReader? terminal)
    {
        var call = new Option<string?>("--call") { Description = "One call.", HelpName = "ID" };
        var session = new Option<string?>("--session") { Description = "A session.", HelpName = "ID" };
        var user = new Option<string?>("--user") { Description = "An end user.", HelpName = "ID" };
        var before = new Option<string?>("--before") { Description = "Calls that began before: 30d, 24h, or an ISO date or time (UTC).", HelpName = "WHEN" };
        var tag = new Option<string?>("--tag") { Description = "Calls of a tag.", HelpName = "TAG" };
        var reason = new Option<string>("--reason") { Description = "Why. It stays as a note, so it may not say who.", HelpName = "TEXT", DefaultValueFactory = _ => DefaultReason };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var (data, json) = (ContentCommand.DataOption(), ContentCommand.JsonOption());
        var command = new Command("forget", "Delete content of what matches everything that is given, also from eval sets, and take user and session out of the ledger.")
        {
            call, session, user, before, tag, reason, yes, data, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                if (!ContentCommand.TryInstant(error, "--before", parsed.GetValue(before), clock.GetUtcNow(), out var until)) return ExitCode.Usage;
                var request = new ForgetRequest
                {
                    CallId = parsed.GetValue(call), Session = parsed.GetValue(session), User = parsed.GetValue(user), Before = until, Tag = parsed.GetValue(tag),
                    Reason = parsed.GetRequiredValue(reason),
                };
                if (request is { CallId: null, Session: null, User: null, Before: null, Tag: null })
                    return Output.Fail(error, "Nothing says what is to be deleted.", "Name it with --call, --session, --user, --before or --tag; several must all match.");
                var forget = new Forgetting(parsed.GetRequiredValue(data), request, clock, error);
                return await forget.RunAsync(output, parsed.GetValue(json), parsed.GetValue(yes) ? null : () => Ask(error, terminal), cancellationToken);
            });
        });
        return command;
    }

    /// <summary>Asks a person. Null: nobody is there.</summary>
    private static bool? Ask(TextWriter error, TextReader? terminal)
    {
        if (terminal is null) return null;
        error.Write("Delete it? There is no way back. [y/N] ");
        error.Flush();
        return terminal.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>One deletion.</summary>
    private sealed class Forgetting(string directory, ForgetRequest request, TimeProvider clock, TextWriter error)
    {
        public async Task<int> RunAsync(TextWriter output, bool asJson, Func<bool?>? ask, CancellationToken cancellationToken)
        {
            // 1. The calls of the ledger first: once it has forgotten who made them, nobody can tell.
            await using var store = ContentDirectory.Existing(directory, clock);
            await using var ledger = ContentCompactCommand.HasLedger(directory) ? Ledger.Open(directory, clock) : null;
            if (store is null && ledger is null) return Output.Fail(error, $"There is neither a ledger nor content in {directory}.", "Name the data directory of the gateway with --data.");
            var calls = new HashSet<string>(StringComparer.Ordinal);
            try
            {
                foreach (var asked in AsStored())
                {
                    if (ledger is not null) calls.UnionWith(await ledger.FindForgottenAsync(asked, cancellationToken));
                }
            }
            catch (ArgumentException)
            {
                return Output.Fail(error, "The reason stays as a note, so it may not name the call, the session or the user that is to be forgotten.", "Give another --reason.");
            }

            // 2. What it means, before anything happens.
            Lines.Write(error, "", $"{Lines.Count(calls.Count, "call")} of the ledger match. Their content, rows of eval sets, answers of runs, reviews and comments are deleted; who made them is taken out of the ledger; numbers and costs stay.");
            switch (ask?.Invoke())
            {
                case null when ask is not null: return Output.Fail(error, "Nothing was deleted: nobody is there to confirm.", "Add --yes.");
                case false:
                    error.WriteLine("Nothing was deleted.");
                    return ExitCode.Faults;
                default: break;
            }

            // 3. Content before the ledger: interrupted between the two, the same command finds the rest.
            var report = new ForgetReport();
            foreach (var asked in AsStored())
            {
                if (store is not null) report = Sum(report, await store.ForgetAsync(asked, calls, cancellationToken));
                if (ledger is not null) report = report with { LedgerCalls = report.LedgerCalls + await ledger.ForgetAsync(asked, cancellationToken) };
            }
            if (report is { Captures: 0, EvalRows: 0, RunAnswers: 0, Reviews: 0, Comments: 0, LedgerCalls: 0 }) Lines.Write(error, "", "Nothing matched. Ids are compared letter by letter: rung content list and the ledger have them as they are stored.");

            // 4. Deleted rows are gone from the tables; now from the bytes.
            await ContentCompactCommand.RunAsync(directory, store, clock, error, cancellationToken);
            if (asJson) Output.WriteJson(output, report);
            else Write(output, report);
            return ExitCode.Ok;
        }

        /// <summary>The request, and where an id is longer than the gateway keeps, also as the gateway keeps it. Imported calls have theirs whole.</summary>
        private IEnumerable<ForgetRequest> AsStored()
        {
            yield return request;
            if (request.User is { Length: > LongestKept } || request.Session is { Length: > LongestKept })
                yield return request with { User = Kept(request.User), Session = Kept(request.Session) };
        }

        private static string? Kept(string? id) => id is { Length: > LongestKept } ? id[..LongestKept] : id;

        private static ForgetReport Sum(ForgetReport one, ForgetReport other) => new()
        {
            Captures = one.Captures + other.Captures, EvalRows = one.EvalRows + other.EvalRows, RunAnswers = one.RunAnswers + other.RunAnswers, Reviews = one.Reviews + other.Reviews,
            Comments = one.Comments + other.Comments, LedgerCalls = one.LedgerCalls + other.LedgerCalls, Sets = [.. one.Sets.Union(other.Sets)],
        };

        private static void Write(TextWriter output, ForgetReport report)
        {
            output.WriteLine($"{"calls with content",-28} {report.Captures,8:N0}  deleted");
            output.WriteLine($"{"rows of eval sets",-28} {report.EvalRows,8:N0}  deleted{(report.Sets.Count == 0 ? "" : "; a note stays in:")}");
            foreach (var set in report.Sets) output.WriteLine($"{"",-38} {Lines.Clean(set)}");
            output.WriteLine($"{"answers of runs",-28} {report.RunAnswers,8:N0}  deleted");
            output.WriteLine($"{"reviews",-28} {report.Reviews,8:N0}  deleted");
            output.WriteLine($"{"comments and replaced texts",-28} {report.Comments,8:N0}  deleted");
            output.WriteLine($"{"calls of the ledger",-28} {report.LedgerCalls,8:N0}  without user and session now");
        }
    }
}
