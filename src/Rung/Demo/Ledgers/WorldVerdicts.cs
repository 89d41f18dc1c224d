using System.Globalization;
using Rung.Control.Measurement;
using Rung.Core.Spans;

namespace Rung.Demo.Ledgers;

/// <summary>What judges, reviewers and users say of made-up answers, some time after them.</summary>
internal sealed class WorldVerdicts(DemoChance chance)
{
    private const double Reviewed = 0.004;
    private static readonly string[] s_reviewers = ["reviewer-1", "reviewer-2"];

    private DemoChance _chance = chance;
    private long _number;

    /// <summary>Says what is said of one answer.</summary>
    /// <param name="call">The call, which was answered.</param>
    /// <param name="job">Its job.</param>
    /// <param name="isWrong">Whether its answer is wrong.</param>
    /// <param name="give">Takes each verdict.</param>
    public void Judge(CallRecord call, WorldJob job, bool isWrong, Action<VerdictRecord> give)
    {
        if (call.Tag is null) return;
        var ended = call.StartedAt.AddMicroseconds(call.LatencyMicros);
        if (_chance.Happens(job.Judged)) give(Of(call, VerdictKind.Judge, Graded(isWrong), "judge-answers", Later(ended, 12)) with { Name = "quality", SampledAt = job.Judged });
        if (_chance.Happens(job.Thumbs)) give(Of(call, VerdictKind.Thumbs, _chance.Happens(isWrong ? 0.12 : 0.97) ? 1 : 0, "user", Later(ended, 6)));
        if (job.Replaced > 0 && _chance.Happens(isWrong ? job.Replaced : job.Replaced * 0.08))
            give(Of(call, VerdictKind.Override, Math.Round(1 - ((isWrong ? 0.3 : 0.05) + (0.4 * _chance.Share())), 3), "user", Later(ended, 25)));
        if (job.Judged > 0 && _chance.Happens(Reviewed)) give(Of(call, VerdictKind.Review, isWrong ? 0 : 1, _chance.Pick(s_reviewers), Later(ended, 400)) with { SampledAt = Reviewed });
    }

    /// <summary>Says what is said of a whole session.</summary>
    public void Report(CallRecord last, WorldSession session, Action<VerdictRecord> give)
    {
        if (session.Name is null || last.Tag is null) return;
        if (!_chance.Happens(session.Agent.Reported)) return;
        var at = Later(last.StartedAt.AddMicroseconds(last.LatencyMicros), 15);
        give(OfSession(VerdictKind.TaskCompleted, _chance.Happens(session.WentWrong ? 0.55 : 0.96) ? 1 : 0, at));
        if (session.WentWrong && _chance.Happens(0.3)) give(OfSession(VerdictKind.Escalated, 0, at));
        give(OfSession(VerdictKind.ConversationLength, session.Done, at));

        VerdictRecord OfSession(VerdictKind kind, double score, DateTimeOffset when) => new()
        {
            Id = NewId(), Session = session.Name, Tag = last.Tag, Kind = kind, Score = score, Weight = QualityWeights.Of(kind), By = session.Agent.Name, At = when,
        };
    }

    private VerdictRecord Of(CallRecord call, VerdictKind kind, double score, string by, DateTimeOffset at) => new()
    {
        Id = NewId(), CallId = call.Id, Session = call.Session, Tag = call.Tag, Model = call.Model, Kind = kind, Score = score, Weight = QualityWeights.Of(kind), By = by, At = at,
    };

    private double Graded(bool isWrong) => Math.Round(isWrong ? 0.15 + (0.4 * _chance.Share()) : 0.82 + (0.18 * _chance.Share()), 2);

    private DateTimeOffset Later(DateTimeOffset after, double meanMinutes) =>
        new(after.UtcTicks + (TimeSpan.FromMinutes(meanMinutes * _chance.Waiting()).Ticks / 10 * 10), TimeSpan.Zero);

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"made-up-{++_number}");
}
