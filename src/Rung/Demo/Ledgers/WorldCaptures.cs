using System.Collections.Frozen;
using Rung.Core.Policies;
using Rung.Core.Redaction;
using Rung.Core.Spans;
using Rung.Storage.Content;

namespace Rung.Demo.Ledgers;

/// <summary>Keeps the content of a few of the latest calls, redacted as the gateway would: of the routes that capture, at most some hundred in all, however many calls there are.</summary>
internal sealed class WorldCaptures(WorldTime time, long seed, double callsPerDay, DemoChance chance)
{
    private const double CallsToKeepFrom = 700; // A day: beyond them the sample is thinned.
    private static readonly FrozenSet<string> s_nothing = [];

    private readonly DateTimeOffset _from = time.Before(8);
    private readonly List<CapturedCall> _kept = [];
    private readonly Dictionary<Capture, Redactor> _redactors = [];
    private DemoChance _chance = chance;

    /// <summary>Looks at a call that was answered, and keeps its content if it is drawn.</summary>
    public void See(CallRecord call, PolicySnapshot policy, bool isWrong)
    {
        if (call.StartedAt < _from || call.Session is null || call.Tag is null || !policy.Tags.TryGetValue(call.Tag, out var route) || route.Capture is not { } capture) return;
        var sample = capture.Sample * Math.Min(1, CallsToKeepFrom / callsPerDay);
        if (!_chance.Happens(sample) || WorldTexts.StepOf(seed, call.Session, call.Tag) is not { } step) return;
        if (!_redactors.TryGetValue(capture, out var redactor)) _redactors[capture] = redactor = Redactor.Of(policy, capture);
        var request = redactor.Json(WorldTexts.Request(step), s_nothing, out var redactions);
        var answers = new List<CapturedAnswer>();
        foreach (var attempt in call.Attempts)
        {
            if (attempt.Outcome is not (AttemptOutcome.Completed or AttemptOutcome.CheckFailed)) continue;
            var passed = attempt.Outcome == AttemptOutcome.Completed;
            var text = WorldTexts.Answer(step, !passed ? WorldAnswer.Malformed : isWrong ? WorldAnswer.Wrong : WorldAnswer.Right);
            var message = redactor.Json(WorldTexts.Message(text), s_nothing, out var more);
            redactions += more;
            answers.Add(new CapturedAnswer { Ordinal = attempt.Ordinal, Model = attempt.Model, Tier = attempt.Tier, Served = attempt == call.Attempts[^1], Passed = passed, FinishReason = attempt.FinishReason, Message = message });
        }
        if (answers.Count == 0) return;
        _kept.Add(new CapturedCall
        {
            CallId = call.Id, StartedAt = call.StartedAt, ExpiresAt = call.StartedAt.AddDays(capture.KeepDays), Tag = call.Tag, Route = call.Route, Session = call.Session, User = call.User,
            SampledAt = sample, PolicyRevision = call.PolicyRevision, Redactions = redactions, Request = request, Answers = answers,
        });
    }

    /// <summary>Writes what was kept since the last time.</summary>
    public async Task WriteAsync(ContentStore store, CancellationToken cancellationToken)
    {
        if (_kept.Count == 0) return;
        await store.AppendCapturesAsync(_kept, cancellationToken);
        _kept.Clear();
    }
}
