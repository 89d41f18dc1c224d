using System.Runtime.InteropServices;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Imports;
using Rung.Storage.Verdicts;

namespace Rung.Control.Measurement;

/// <summary>Reads everything that judged calls out of the ledger, and estimates the quality of each tag.</summary>
public static class QualityReading
{
    /// <summary>Estimates.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="query">Whose quality.</param>
    /// <param name="cancellationToken">Looked at between pages.</param>
    /// <returns>A row for each tag (and model), in order of their names, calls without a tag last.</returns>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public static async Task<IReadOnlyList<TagQuality>> ReadAsync(Ledger ledger, QualityQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(query);
        var pools = new Dictionary<(string? Tag, string? Model), QualityPool>();
        var sessionTags = (await ledger.SessionTagsAsync(cancellationToken)).ToLookup(pair => pair.Session, pair => pair.Tag);

        if (query.Imported) await AddJudgementsAsync(ledger, query, pools, cancellationToken);
        else await AddChecksAsync(ledger, query, pools, cancellationToken);

        var verdicts = new VerdictQuery { Since = query.Since, Until = query.Until, Imported = query.Imported };
        await foreach (var verdict in ledger.ReadVerdictsAsync(verdicts, cancellationToken)) Add(verdict, query, sessionTags, pools);

        return [.. pools.OrderBy(pair => pair.Key.Tag is null).ThenBy(pair => pair.Key.Tag, StringComparer.Ordinal).ThenBy(pair => pair.Key.Model, StringComparer.Ordinal)
            .Select(pair => Of(pair.Key, pair.Value, query.Policy))];
    }

    // A verdict about a session says something of every job in it: each has a part of its weight.
    private static void Add(VerdictRecord verdict, QualityQuery query, ILookup<string, string> sessionTags, Dictionary<(string?, string?), QualityPool> pools)
    {
        if (QualitySources.Of(verdict.Kind) is not { } source) return;
        if (verdict is { CallId: null, Session: null }) return; // Of a session that was forgotten: nothing ties it to a tag any more.
        var item = new QualityItem
        {
            Source = source, Subject = verdict.CallId ?? $"session {verdict.Session}", Session = verdict.Session, Score = Math.Clamp(verdict.Score, 0, 1),
            Weight = verdict.Weight, Probability = verdict.SampledAt, Voice = $"{verdict.Name}\n{verdict.By}",
        };
        if (verdict.Tag is not null || verdict.CallId is not null)
        {
            Pool(pools, query, verdict.Tag, verdict.Model)?.Add(item);
            return;
        }
        var tags = sessionTags[verdict.Session!].ToArray();
        if (tags.Length == 0) Pool(pools, query, null, verdict.Model)?.Add(item);
        foreach (var tag in tags) Pool(pools, query, tag, verdict.Model)?.Add(item with { Weight = item.Weight / tags.Length });
    }

    private static async Task AddChecksAsync(Ledger ledger, QualityQuery query, Dictionary<(string?, string?), QualityPool> pools, CancellationToken cancellationToken)
    {
        await foreach (var call in ledger.ReadCheckedAsync(query.Tag, query.Since, query.Until, cancellationToken))
        {
            if (Pool(pools, query, call.Tag, call.Model) is not { } pool) continue;
            var item = new QualityItem
            {
                Source = QualitySource.Check, Subject = call.CallId, Session = call.Session, Score = call.Passed ? 1 : 0, Weight = QualityWeights.Check,
            };
            pool.Add(item);
            if (call.Score is { } score) pool.Add(item with { Source = QualitySource.Verifier, Score = score, Weight = QualityWeights.Verifier });
        }
    }

    // Judgements that logs and traces of other systems carry.
    private static async Task AddJudgementsAsync(Ledger ledger, QualityQuery query, Dictionary<(string?, string?), QualityPool> pools, CancellationToken cancellationToken)
    {
        var wanted = new ImportedQuery { Tag = query.Tag, Since = query.Since, Until = query.Until };
        await foreach (var call in ledger.ReadImportedAsync(wanted, cancellationToken))
        {
            if (call.Verdicts.IsDefaultOrEmpty || Pool(pools, query, call.SiteTag ?? call.Tag, call.Model.Length > 0 ? call.Model : null) is not { } pool) continue;
            foreach (var verdict in call.Verdicts)
            {
                var source = verdict.ByPerson ? QualitySource.Score : QualitySource.Evaluation;
                pool.Add(new QualityItem
                {
                    Source = source, Subject = call.Id, Session = call.Session, Score = verdict.Score, Voice = verdict.Name,
                    Weight = QualityWeights.Of(verdict.ByPerson ? VerdictKind.Score : VerdictKind.Evaluation),
                });
            }
        }
    }

    private static QualityPool? Pool(Dictionary<(string?, string?), QualityPool> pools, QualityQuery query, string? tag, string? model)
    {
        if (query.Tag is not null && query.Tag != tag) return null;
        return CollectionsMarshal.GetValueRefOrAddDefault(pools, (tag, query.ByModel ? model ?? "" : null), out _) ??= new QualityPool();
    }

    private static TagQuality Of((string? Tag, string? Model) key, QualityPool pool, PolicySnapshot? policy) => new()
    {
        Tag = key.Tag, Model = key.Model, Combined = pool.Estimate(), Sources = pool.Sources(),
        Floor = FloorOf(policy, key.Tag) is { } floor ? Standing(floor, pool) : null,
    };

    // Of a tag that the policy does not know, the default route decides.
    private static Floor? FloorOf(PolicySnapshot? policy, string? tag) =>
        policy is null ? null : tag is not null && policy.Tags.TryGetValue(tag, out var route) ? route.Floor : policy.Default.Floor;

    /// <summary>Where quality stands to a floor.</summary>
    internal static FloorStanding Standing(Floor floor, QualityPool pool) => Standing(floor, pool.Estimate(QualitySources.OfFloor(floor.Verdict)));

    /// <summary>Where quality stands to a floor, by an estimate from what the floor names.</summary>
    internal static FloorStanding Standing(Floor floor, QualityEstimate estimate)
    {
        var sources = QualitySources.OfFloor(floor.Verdict);
        var words = string.Join(" and ", sources.Select(QualitySources.Word));
        FloorStanding Say(FloorState state, string why) => new(floor.Verdict, floor.AtLeast, floor.Of, state, estimate, why);

        if (floor.Of is { } tier && floor.Verdict != "judge")
            return Say(FloorState.CannotBeSaid, $"it is measured against {tier}, and only a judge that compares the two answers does that");
        if (estimate.Quality is not { } quality)
            return Say(FloorState.CannotBeSaid, $"not enough data yet: {words} on {estimate.Sessions} of {QualityPool.LeastSessions} sessions");
        if (quality.Low >= floor.AtLeast) return Say(FloorState.Met, $"{words}: the whole interval is at or above it");
        if (quality.High < floor.AtLeast) return Say(FloorState.Broken, $"{words}: the whole interval is below it");
        return Say(FloorState.CannotBeSaid, $"{words}: the interval lies on both sides of it");
    }
}
