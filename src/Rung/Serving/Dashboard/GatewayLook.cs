using Rung.Control.Alerts.Delivery;
using Rung.Control.Health;
using Rung.Dashboard.Frame;
using Rung.Gateway;
using Rung.Gateway.Recording;
using Rung.Gateway.Shadows;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving.Dashboard;

/// <summary>What this process knows of itself, for the dashboard.</summary>
internal sealed class GatewayLook(
    GatewayOptions options, Ledger ledger, CallRecorder recorder, ContentTap tap, ShadowCopies shadows, AlertDelivery alerts, ContentStore? content, bool runsControl) : IGatewayLook
{
    private static readonly TimeSpan s_recent = TimeSpan.FromDays(1);

    private readonly DateTimeOffset startedAt = options.Clock.GetUtcNow();

    public async Task<LiveMarks> MarksAsync(CancellationToken cancellationToken)
    {
        var now = options.Clock.GetUtcNow();
        var rollouts = await ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        var known = await ledger.ListAlertsAsync(now - s_recent, cancellationToken);
        var silences = await ledger.ListSilencesAsync(now, cancellationToken);
        var revision = await ledger.NewestRevisionAsync(cancellationToken);
        return new LiveMarks(
            Calls: $"{recorder.Written}",
            Policy: $"{options.Policies.Status.Revision}/{options.Policies.Status.Hash}/{revision?.Number}",
            // Guards are read again once a minute, without an event.
            Rollouts: $"{rollouts.Sum(rollout => rollout.Events.Length)}/{(rollouts.Any(rollout => rollout.IsOpen) ? now.ToUnixTimeSeconds() / 60 : 0)}",
            Alerts: $"{string.Join(',', known.Select(alert => $"{alert.Key}:{alert.State}:{alert.FiringAt?.ToUnixTimeSeconds()}"))}/{string.Join(',', silences.Select(silence => silence.Id))}",
            Reviews: content is null ? "" : string.Join(',', (await content.ReadReviewProgressAsync(tag: null, cancellationToken)).Select(plan => $"{plan.Items}:{plan.Judged}:{plan.DoubleJudged}")));
    }

    public ServingHealth Health()
    {
        var status = options.Policies.Status;
        return new ServingHealth
        {
            StartedAt = startedAt, Revision = status.Revision, LoadedAt = status.LoadedAt, PolicyProblem = status.Problem, ProblemSince = status.ProblemSince, LedgerProblem = status.LedgerProblem,
            VerifiersWithoutKey = status.VerifiersWithoutKey, RolloutsRefused = [.. status.RolloutsRefused.Select(refusal => $"rollout {refusal.Id}: {refusal.Why}")], RunsControl = runsControl,
            Models = [.. options.Policies.Models().Select(model => new ServedModel(model.Name, model.Provider, StateOf(model), model.Wait, model.UnderWay))],
            Queues = [.. Queues()],
        };
    }

    private IEnumerable<ServedQueue> Queues()
    {
        yield return new("calls for the ledger", recorder.Waiting, options.Recorder.QueueCapacity, recorder.Written, recorder.Dropped, recorder.Failures, recorder.IsFailing, "what is dropped here was served, and is in no number") { LosesData = true, Problem = recorder.Problem };
        if (options.Keep is not null)
        {
            yield return new(
                "captured content", tap.Waiting, options.Content.QueueCapacity, tap.Kept, tap.Dropped + tap.Unreadable, tap.Failures, tap.IsFailing,
                $"{tap.Unreadable} of them could not be redacted; {tap.TooLarge} more were larger than the policy keeps") { LosesData = true };
        }
        yield return new(
            "copies for rollouts", shadows.Waiting, options.Shadows.QueueCapacity, shadows.Asked, shadows.Dropped, shadows.Unjudged, IsFailing: false,
            $"{shadows.Judged} were judged; {shadows.TooLarge} were too large to copy, {shadows.Refused} were not asked because pins, prices or the budget forbid it");
        yield return new("messages about alerts", alerts.Waiting, Room: null, alerts.Sent, alerts.Lost, Failures: 0, IsFailing: false, "a lost message is told again by its reminder");
    }

    private static ServedState StateOf(ModelStatus model) =>
        model.MissingKey ? ServedState.WithoutKey : model.IsOpen ? ServedState.Open : model.IsResting ? ServedState.Resting : ServedState.Closed;
}
