using Rung.Core.Policies;
using Rung.Recorded;

namespace Rung.Replay;

/// <summary>Decides every prompt of a recording anew: by a policy, and by what it is compared with.</summary>
/// <param name="outcomes">The recording, with stand-ins where only grades were kept.</param>
/// <param name="options">Which prompts, and their tags.</param>
/// <param name="at">The instant whose prices hold.</param>
internal sealed class OutcomeReplay(RecordedOutcomes outcomes, DriveOptions options, DateTimeOffset at)
{
    /// <summary>Runs two policies over every prompt.</summary>
    /// <param name="a">The policy.</param>
    /// <param name="b">What it is compared with; null: the reference model of <paramref name="a"/>, for every call.</param>
    /// <exception cref="OutsideNeededException">A check must have something found out that no recording holds.</exception>
    public IReadOnlyList<ReplayRow> Run(PolicySnapshot a, PolicySnapshot? b)
    {
        var (first, second) = (new OfflineCascade(outcomes, a, at), b is null ? null : new OfflineCascade(outcomes, b, at));
        var looksAtLength = first.LooksAtLength || second is { LooksAtLength: true };
        var (groups, tags) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, string?>(StringComparer.Ordinal));
        var (rows, next) = (new List<ReplayRow>(outcomes.Rows.Count), 0);
        foreach (var row in outcomes.Rows.Take(options.Limit ?? int.MaxValue))
        {
            if (!tags.TryGetValue(row.Source, out var tag)) tags[row.Source] = tag = options.TagOf(row);
            // The request is put together only where its length can change where the call goes.
            var length = looksAtLength ? RecordedDrive.BodyOf(row, options).Length : 0;
            var group = next;
            if (row.Group is not { } named || groups.TryAdd(named, next)) next++;
            else group = groups[named];
            rows.Add(new ReplayRow(row.Id, tag, group, Of(row, first.Run(row, tag, length)),
                second is null ? Reference(row, a.BaselineModel, first) : Of(row, second.Run(row, tag, length))));
        }
        return rows;
    }

    private static ReplayedCall Of(RecordedRow row, OfflineCall call)
    {
        var isUnjudged = call.Error == OfflineCall.Unjudged;
        var cost = isUnjudged || call.Attempts.Any(attempt => attempt.CostNanoUsd is null) ? (long?)null : call.CostNanoUsd;
        return new ReplayedCall
        {
            Model = call.Served?.Model,
            Tier = call.Served?.Tier,
            Made = [.. call.Attempts.Select(attempt => $"{attempt.Kind} {attempt.Model}")],
            Climbs = call.Attempts.Count(attempt => attempt.Kind == "escalation"),
            CostNanoUsd = cost,
            CostSource = cost is null ? CostSource.Unknown : CostSource.Recorded,
            BaselineNanoUsd = call.BaselineNanoUsd,
            Score = call.Answer is { } answer ? RecordedGrade.Of(row, answer).Score : null,
            Error = call.Error,
            IsUnjudged = isUnjudged,
        };
    }

    /// <summary>One model for every call, without caps and checks: what a bill without routing would be.</summary>
    private static ReplayedCall Reference(RecordedRow row, Model model, OfflineCascade cascade)
    {
        if (row.Of(model.UpstreamId) is not { Answer: { } answer } outcome) return new ReplayedCall { Error = "no_recorded_answer", Climbs = 0, CostNanoUsd = 0, CostSource = CostSource.Recorded };
        var cost = cascade.CostOf(model, new RecordedReply(row, outcome, answer, maxTokens: null, created: 0));
        return new ReplayedCall
        {
            Model = model.Name, Made = [$"first {model.Name}"], Climbs = 0, CostNanoUsd = cost, CostSource = cost is null ? CostSource.Unknown : CostSource.Recorded,
            BaselineNanoUsd = cost, Score = outcome.Score,
        };
    }
}
