using System.CommandLine;
using System.Text;
using Rung.Commands.Policy;
using Rung.Control.Audit;
using Rung.Control.Audit.Page;
using Rung.Control.Audit.Running;
using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Storage;
using Rung.Storage.Reports;

namespace Rung.Commands.Audit;

/// <summary><c>rung audit</c>: what logs say was spent by which job, what each job needs, and what a cheaper model would save.</summary>
internal static class AuditCommand
{
    /// <summary>The command.</summary>
    /// <param name="standardInput">Opens what <c>-</c> reads.</param>
    /// <param name="clock">For spans back from now, and the pace of progress.</param>
    public static Command Create(Func<Stream> standardInput, TimeProvider clock)
    {
        var options = new AuditOptions();
        var command = new Command("audit", "Show what existing logs and traces say was spent, by job, and what a cheaper model could do. Nothing is sent anywhere.");
        command.Arguments.Add(options.Paths);
        foreach (var option in options.InOrder) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (options.Fault(parsed) is { } fault) return Task.FromResult(Output.Fail(error, fault.Message, fault.Fix));
            return PolicyCommand.GuardAsync(error, async () =>
            {
                try
                {
                    return await RunAsync(options, parsed, standardInput, clock, cancellationToken);
                }
                catch (PriceBookException e)
                {
                    return Output.Fail(error, e.Message, "Correct the price book, or name another one; see: rung prices check");
                }
                catch (Exception e) when (e is FormatException or ArgumentException or LadderException or SiteNamesException or ColumnMappingException)
                {
                    return Output.Fail(error, e.Message);
                }
            });
        });
        return command;
    }

    private static async Task<int> RunAsync(AuditOptions options, ParseResult parsed, Func<Stream> standardInput, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var data = parsed.GetRequiredValue(options.Data);
        await using var imported = parsed.GetValue(options.Ledger) ? Ledger.OpenReadOnly(data, clock) : null;
        var request = await RequestAsync(options, parsed, standardInput, imported, clock, cancellationToken);
        var progress = new AuditProgressLine(error, isTerminal: error == Console.Error && !Console.IsErrorRedirected, clock);
        var pipeline = new AuditPipeline(request, clock);
        AuditResult result;
        try
        {
            result = await pipeline.RunAsync(progress, cancellationToken);
            if (result.Report.Frame.Import is { NothingReadable: true } import) return NothingReadable(error, import);
            if (parsed.GetValue(options.Into) is not null)
            {
                await using var ledger = Ledger.Open(data, clock);
                var kept = await pipeline.KeepAsync(result, ledger, progress, cancellationToken);
                progress.Clear();
                error.WriteLine($"rung: {Money.Of(kept.New, "call")} kept in {data}; {kept.Known:#,0} were there already");
            }
        }
        finally
        {
            progress.Clear();
        }

        var areWritten = await WriteFilesAsync(options, parsed, result, error, cancellationToken);
        if (parsed.GetValue(options.Json))
        {
            Output.WriteJson(output, AuditJson.Of(result.Report));
            return areWritten ? ExitCode.Ok : ExitCode.Faults;
        }
        var shown = new AuditTableOptions(
            parsed.GetValue(options.All), parsed.GetValue(options.MinCalls), parsed.GetValue(options.ShowContent), AuditNext.Of(options, parsed, result));
        new AuditTable(output, shown).Write(result.Report);
        return areWritten ? ExitCode.Ok : ExitCode.Faults;
    }

    private static async Task<AuditRequest> RequestAsync(AuditOptions options, ParseResult parsed, Func<Stream> standardInput, Ledger? imported, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var window = (Since: Instant(options.Since), Until: Instant(options.Until));
        if (window.Since >= window.Until) throw new FormatException("--since is not before --until.");
        var own = parsed.GetValue(options.Prices);
        return new AuditRequest
        {
            Logs = imported is not null ? null : await LogsAsync(options, parsed, standardInput, cancellationToken),
            Ledger = imported,
            LedgerName = parsed.GetRequiredValue(options.Data),
            Window = window,
            Prices = PricesFile.ReadEffective(own, parsed.GetRequiredValue(options.Data)),
            OwnPrices = PricesFile.Find(own, parsed.GetRequiredValue(options.Data)),
            PriceDate = parsed.GetValue(options.PriceDate),
            TakesLoggedCosts = parsed.GetValue(options.ReportedCosts),
            InvoiceNanoUsd = parsed.GetValue(options.Invoice) is { } invoice ? AuditOptions.Amount(invoice) : null,
            Names = parsed.GetValue(options.Names) is { } names ? SiteNames.Read(await File.ReadAllTextAsync(names, cancellationToken), names) : SiteNames.Empty,
            Tiers = [.. (parsed.GetValue(options.Tier) ?? []).Select(TierOverride.Parse)],
            KeepsOpenings = parsed.GetValue(options.ShowContent),
        };

        DateTimeOffset? Instant(Option<string> option)
        {
            if (parsed.GetValue(option) is not { } text) return null;
            return ReportQuery.TryParseInstant(text, now, out var instant)
                ? instant
                : throw new FormatException($"{option.Name} \"{text}\" is no time. Write a span back from now (7d, 24h, 90m, 2w) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
        }
    }

    private static async Task<LogImportOptions> LogsAsync(AuditOptions options, ParseResult parsed, Func<Stream> standardInput, CancellationToken cancellationToken)
    {
        var paths = parsed.GetValue(options.Paths) ?? [];
        return new LogImportOptions
        {
            Paths = [.. paths, .. LocalPaths(parsed.GetValue(options.ClaudeCode), parsed.GetValue(options.Codex))],
            StandardInput = paths.Contains("-") ? standardInput() : null,
            Format = parsed.GetValue(options.Format),
            Mapping = parsed.GetValue(options.Mapping) is { } mapping ? ColumnMapping.Read(await File.ReadAllTextAsync(mapping, cancellationToken), mapping) : null,
        };
    }

    private static List<string> LocalPaths(bool claudeCode, bool codex)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var found = new List<string>();
        if (claudeCode) found.AddRange(Found("--claude-code", LocalSessions.ClaudeCode(Environment.GetEnvironmentVariable, home)));
        if (codex) found.AddRange(Found("--codex", LocalSessions.Codex(Environment.GetEnvironmentVariable, home)));
        return found;

        static IReadOnlyList<string> Found(string option, IReadOnlyList<string> folders) =>
            folders.Count > 0 ? folders : throw new IOException($"{option}: there are no session logs of it on this machine. If they lie elsewhere, name the folder as a path.");
    }

    private static int NothingReadable(TextWriter error, LogImportResult import)
    {
        foreach (var file in import.Files.Take(10))
        {
            if (file.Problem is { } problem) error.WriteLine($"{file.Path}: {problem}");
            foreach (var example in file.Examples.Take(3)) error.WriteLine($"{file.Path}:{example.Line}: {example.Message}");
        }
        return Output.Fail(error, import.Files.Count == 0 ? "Nothing that was named holds a log that Rung reads." : "Nothing of what was named could be read.",
            $"Formats: {string.Join(", ", LogImportOptions.Formats.Select(format => format.Title))}. For others, --mapping says which column holds what.");
    }

    /// <summary>Writes what was asked for; false when there is no policy to propose.</summary>
    private static async Task<bool> WriteFilesAsync(AuditOptions options, ParseResult parsed, AuditResult result, TextWriter error, CancellationToken cancellationToken)
    {
        var again = AuditOptions.Again(parsed);
        var hasPolicy = result.Ladder.Reference is not null;
        if (parsed.GetValue(options.Policy) is not null && !hasPolicy) error.WriteLine($"rung: no policy was written. {result.Ladder.CannotBeSaid}");
        if (parsed.GetValue(options.Policy) is { } policy && hasPolicy)
        {
            await WriteAsync(policy, PolicyProposal.Write(result.Reviews, result.Ladder, result.Assumptions, again), cancellationToken);
            error.WriteLine($"rung: the proposed policy is in {policy}; check it with: rung policy lint {AuditOptions.Quoted(policy)}");
        }
        if (parsed.GetValue(options.Html) is { } html)
        {
            await WriteAsync(html, AuditPage.Write(result.Report, again), cancellationToken);
            error.WriteLine($"rung: the page is in {html}");
        }
        if (parsed.GetValue(options.WriteNames) is { } names)
        {
            await WriteAsync(names, SiteNames.Write(result.Sites), cancellationToken);
            error.WriteLine($"rung: the names of all sites are in {names}; change them and give it back with --names");
        }
        return hasPolicy || parsed.GetValue(options.Policy) is null;
    }

    private static Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        return File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
    }
}
