using System.Globalization;
using System.Runtime.InteropServices;
using Rung.Control.Rollouts;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Verdicts;

namespace Rung.Control.Measurement;

/// <summary>Measures the calls of the ledger: one pass over the window. Memory: the verdicts of the window, and 150 bytes a session and row.</summary>
public static class LedgerMeasure
{
    /// <summary>Measures.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="query">Which calls, and how.</param>
    /// <param name="cancellationToken">Looked at between pages.</param>
    /// <returns>Rows in the order of tags, then of their parts; calls without a tag last. Copies for rollouts in their shadow are not among them.</returns>
    public static async Task<IReadOnlyList<MeasureRow>> ReadAsync(Ledger ledger, MeasureQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(query);
        // Verdicts come after their calls and are far fewer: they wait for them here.
        var verdicts = new Dictionary<string, List<ObservedVerdict>>(StringComparer.Ordinal);
        var ofSessions = new Dictionary<string, List<ObservedVerdict>>(StringComparer.Ordinal);
        await foreach (var verdict in ledger.ReadVerdictsAsync(new VerdictQuery { Tag = query.Tag, Since = query.Since, Imported = false }, cancellationToken))
        {
            if (ObservedCalls.Of(verdict, call: null) is not { } observed) continue;
            if (verdict.CallId is { } id) (CollectionsMarshal.GetValueRefOrAddDefault(verdicts, id, out _) ??= []).Add(observed);
            else if (verdict.Session is { } session) (CollectionsMarshal.GetValueRefOrAddDefault(ofSessions, session, out _) ??= []).Add(observed);
        }
        var rows = new Dictionary<(string? Tag, string? Part), TagMeasure>();
        var told = new HashSet<(TagMeasure, string Session)>();
        var arms = new Dictionary<(string? Tag, string? Part), Dictionary<string, TagMeasure>>();
        await foreach (var record in ledger.ReadAsync(new CallQuery { Tag = query.Tag, Since = query.Since, Until = query.Until }, cancellationToken))
        {
            if (record.Tag is { } tag && InternalTags.IsInternal(tag)) continue;
            var call = ObservedCalls.Of(record);
            var key = (call.Tag, PartOf(call, query.By));
            verdicts.Remove(call.Id, out var said);
            var measure = CollectionsMarshal.GetValueRefOrAddDefault(rows, key, out _) ??= new TagMeasure();
            Add(measure, call, said);
            // A verdict on a session says something of every job in it, once.
            if (call.Session is { } session && ofSessions.TryGetValue(session, out var about) && told.Add((measure, session)))
            {
                foreach (var verdict in about)
                {
                    if (verdict.Tag is null || verdict.Tag == call.Tag) measure.Add(verdict, session);
                }
            }
            if (call.Arm is not { } arm) continue;
            // By arm every row of a tag is compared with the others of it.
            var compared = query.By == MeasureGrouping.Arm ? (call.Tag, (string?)null) : key;
            var ofTag = CollectionsMarshal.GetValueRefOrAddDefault(arms, compared, out _) ??= new Dictionary<string, TagMeasure>(StringComparer.Ordinal);
            Add(CollectionsMarshal.GetValueRefOrAddDefault(ofTag, arm, out _) ??= new TagMeasure(), call, said: null);
        }
        return
        [
            .. rows.OrderBy(row => row.Key.Tag is null).ThenBy(row => row.Key.Tag, StringComparer.Ordinal).ThenBy(row => row.Key.Part is null).ThenBy(row => row.Key.Part, StringComparer.Ordinal)
                .Select(row => RowOf(row.Key, row.Value, arms.GetValueOrDefault(query.By == MeasureGrouping.Arm ? (row.Key.Tag, null) : row.Key), query.By)),
        ];
    }

    private static MeasureRow RowOf((string? Tag, string? Part) key, TagMeasure measure, Dictionary<string, TagMeasure>? arms, MeasureGrouping by)
    {
        var reading = measure.Read();
        return new MeasureRow(key.Tag, key.Part, reading, (arms is null ? null : Compared(arms, by == MeasureGrouping.Arm ? key.Part : null)) ?? reading.Saving);
    }

    // The newest rollout's candidate against its holdback, where that has calls, else against the units that it has not reached yet.
    private static MeasuredSaving? Compared(Dictionary<string, TagMeasure> arms, string? only)
    {
        var known = arms.Keys.Select(name => ArmName.TryParse(name, out var rollout, out var arm) ? (Name: name, Rollout: rollout, Arm: arm) : default)
            .Where(arm => arm.Name is not null && arm.Arm == RolloutArm.Candidate && (only is null || arm.Name == only)).OrderByDescending(arm => arm.Rollout);
        foreach (var candidate in known)
        {
            foreach (var (arm, basis) in new[] { (RolloutArm.Holdback, SavingBasis.Holdback), (RolloutArm.Current, SavingBasis.Current) })
            {
                if (arms.TryGetValue(ArmName.Of(candidate.Rollout, arm), out var others) && arms[candidate.Name].SavingAgainst(others, basis) is { } saving) return saving;
            }
        }
        return null;
    }

    private static void Add(TagMeasure measure, in ObservedCall call, List<ObservedVerdict>? said)
    {
        measure.Add(call);
        foreach (var verdict in said ?? []) measure.Add(verdict, call.Session);
    }

    private static string? PartOf(in ObservedCall call, MeasureGrouping by) => by switch
    {
        MeasureGrouping.Arm => call.Arm,
        MeasureGrouping.Tier => call.Tier,
        MeasureGrouping.Day => call.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        MeasureGrouping.Hour => call.At.UtcDateTime.ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture),
        _ => null,
    };
}
