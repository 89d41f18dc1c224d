using Rung.Dashboard.Frame;
using Rung.Gateway;
using Rung.Gateway.Recording;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving.Dashboard;

/// <summary>What this process knows of itself, for the dashboard.</summary>
internal sealed class GatewayLook(PolicyHolder policies, Ledger ledger, CallRecorder recorder, TimeProvider clock, ContentStore? content) : IGatewayLook
{
    private static readonly TimeSpan s_recent = TimeSpan.FromDays(1);

    public async Task<LiveMarks> MarksAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rollouts = await ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        var alerts = await ledger.ListAlertsAsync(now - s_recent, cancellationToken);
        var silences = await ledger.ListSilencesAsync(now, cancellationToken);
        var revision = await ledger.NewestRevisionAsync(cancellationToken);
        return new LiveMarks(
            Calls: $"{recorder.Written}",
            Policy: $"{policies.Status.Revision}/{policies.Status.Hash}/{revision?.Number}",
            // Guards are read again once a minute, without an event.
            Rollouts: $"{rollouts.Sum(rollout => rollout.Events.Length)}/{(rollouts.Any(rollout => rollout.IsOpen) ? now.ToUnixTimeSeconds() / 60 : 0)}",
            Alerts: $"{string.Join(',', alerts.Select(alert => $"{alert.Key}:{alert.State}:{alert.FiringAt?.ToUnixTimeSeconds()}"))}/{string.Join(',', silences.Select(silence => silence.Id))}",
            Reviews: content is null ? "" : string.Join(',', (await content.ReadReviewProgressAsync(tag: null, cancellationToken)).Select(plan => $"{plan.Items}:{plan.Judged}:{plan.DoubleJudged}")));
    }
}
