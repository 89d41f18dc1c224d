using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Core.Policies;
using Rung.Replay;
using Rung.Storage;
using Rung.Storage.Imports;
using Rung.Storage.Reports;

namespace Rung.Commands.Replay;

/// <summary>Reads the calls of a ledger and decides them again.</summary>
internal static class LedgerReplayRun
{
    private const string NoAttempt = "no model was asked (refused before any attempt)";

    /// <summary>Replays what the options choose.</summary>
    /// <param name="options">The command's options.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="a">The policy.</param>
    /// <param name="b">The policy that it is compared with; null: the reference model where that is asked for, else what was.</param>
    /// <param name="clock">The clock, for spans of time.</param>
    /// <param name="sampling">How intervals are worked out.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<ReplayedTraffic> RunAsync(
        ReplayOptions options, ParseResult parsed, PolicySnapshot a, PolicySnapshot? b, TimeProvider clock, ReplaySampling sampling, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var query = new CallQuery { Since = Instant(parsed.GetValue(options.Since), "--since", now), Until = Instant(parsed.GetValue(options.Until), "--until", now), Limit = parsed.GetValue(options.Limit) };
        if (query.Since >= query.Until) throw new PolicyUnusableException("--since is not before --until.", "Turn them round, or leave one out.");

        var data = parsed.GetRequiredValue(options.Data);
        var isReference = parsed.GetValue(options.Against) == ReplayOptions.Reference;
        var decided = new LoggedRows(a, b, isReference, PricesFile.ReadEffective(named: null, data), parsed.GetValue(options.ClimbRate) ?? 0);
        var leftOut = new Dictionary<string, int>(StringComparer.Ordinal);
        var progress = new ReplayProgress(parsed.InvocationConfiguration.Error, clock);
        await using var ledger = Storage.Ledger.OpenReadOnly(data, clock);
        var wantsImported = parsed.GetValue(options.Imported);
        if (!wantsImported)
        {
            await foreach (var record in ledger.ReadAsync(query, cancellationToken)) Take(LoggedTraffic.Of(record), NoAttempt);
        }
        // A ledger that only ever imported says what it can without being asked twice.
        if (wantsImported || (decided.Rows.Count == 0 && leftOut.Count == 0))
        {
            wantsImported = true;
            await foreach (var record in ledger.ReadImportedAsync(new ImportedQuery { Since = query.Since, Until = query.Until }, cancellationToken))
            {
                Take(ImportedTraffic.Of(record, out var why), why);
                if (decided.Rows.Count == query.Limit) break;
            }
        }
        if (decided.Rows.Count == 0)
            throw new PolicyUnusableException($"The ledger in {data} has no calls {(query.Since is null && query.Until is null ? "" : "of that time ")}to replay.", "Send traffic through rung serve, or import logs: rung audit PATH --into ledger");

        return new ReplayedTraffic
        {
            Source = new ReplaySource(wantsImported ? "imported" : "ledger", [data], decided.Rows.Count, leftOut, decided.From, decided.Until),
            Rows = decided.Rows,
            Assumptions = LoggedAssumptions.Of(decided, a, parsed.GetValue(options.ClimbRate), wantsImported),
            Quality = decided.QualityBy(sampling),
        };

        void Take(LoggedCall? call, string? why)
        {
            if (call is not null) decided.Add(call);
            else leftOut[why!] = leftOut.GetValueOrDefault(why!) + 1;
            progress.Report(decided.Rows.Count);
        }
    }

    private static DateTimeOffset? Instant(string? text, string option, DateTimeOffset now)
    {
        if (text is null) return null;
        return ReportQuery.TryParseInstant(text, now, out var instant) ? instant
            : throw new PolicyUnusableException($"{option} \"{text}\" is no time.", "Write a span back from now (7d, 24h, 90m, 2w) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
    }
}
