using System.Runtime.InteropServices;
using Rung.Core.Decisions;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Rollouts;
using Rung.Core.Spans;

namespace Rung.Control.Laboratory;

/// <summary>
/// Simulated clients and models in virtual time: sessions arrive, make a few calls each, are decided by the real engine and answered by chance. Each step is a
/// minute, and gives the calls that began in it and the verdicts that came in it. Used by one run; a call allocates nothing.
/// </summary>
internal sealed class LabWorld(LabSetting setting, LabChance chance)
{
    private const int MinutesPerDay = 1440;
    private const double MeanGapMinutes = 0.5;
    private const int LongestGap = 60; // Minutes between two calls of a session; beyond them a person would have begun another one.
    private const int LongestDelay = 24 * 60;
    private const int MostCallsOfSession = 50;

    private readonly List<int>[] dueCalls = NewRing<int>(LongestGap + 2);
    private readonly List<ObservedVerdict>[] dueVerdicts = NewRing<ObservedVerdict>(LongestDelay + 2);
    private readonly List<ObservedCall> calls = [];
    private readonly List<int> order = [];
    private readonly Stack<int> free = [];
    private readonly double meanDelay = setting.Terms.VerdictDelay.TotalMinutes;
    private readonly bool checksAreQuality = setting.Signals.Contains(QualitySignal.Check);
    private readonly bool hasVerifier = setting.Signals.Contains(QualitySignal.Verifier);
    private readonly bool hasJudge = setting.Signals.Contains(QualitySignal.Judge);
    private readonly bool hasFeedback = setting.Signals.Contains(QualitySignal.Feedback);
    private readonly bool hasOverride = setting.Signals.Contains(QualitySignal.Override);
    private Session[] sessions = new Session[256];
    private int used;
    private long sessionNumber;
    private long callNumber;
    private List<ObservedVerdict> verdicts = [];

    /// <summary>Salt of the rollout, by which every session gets its point; null: there is no rollout.</summary>
    public string? Salt
    {
        get;
        set
        {
            field = value;
            if (value is null) return;
            foreach (ref var session in sessions.AsSpan(0, used)) session.Point = RolloutAssignment.Point(value, session.Name);
        }
    }

    /// <summary>Calls that began in the last minute, in order of time.</summary>
    public ReadOnlySpan<ObservedCall> Calls => CollectionsMarshal.AsSpan(calls);

    /// <summary>Verdicts that came in the last minute.</summary>
    public ReadOnlySpan<ObservedVerdict> Verdicts => CollectionsMarshal.AsSpan(verdicts);

    /// <summary>Plays a minute.</summary>
    /// <param name="minute">Which one, from 0, one after the other.</param>
    /// <param name="current">The policy in force.</param>
    /// <param name="candidate">The candidate; null when none is rolled out.</param>
    /// <param name="share">The candidate's share, in hundredths of a percent.</param>
    public void Step(int minute, LabArm current, LabArm? candidate, int share)
    {
        calls.Clear();
        order.Clear();

        // 1. Who calls in this minute: sessions that go on, and new ones.
        var due = dueCalls[minute % dueCalls.Length];
        foreach (var place in due) CallsOf(place, minute);
        due.Clear();
        var hour = (minute % MinutesPerDay) / 60.0;
        var busy = 1 + (setting.Terms.Rhythm * Math.Sin((hour - 9) / 24 * 2 * Math.PI)); // Busiest at 15:00, quietest at 03:00.
        var arrivals = chance.Count(busy * setting.Terms.CallsPerDay / setting.Terms.CallsPerSession / MinutesPerDay);
        for (var i = 0; i < arrivals; i++) CallsOf(Begin(), minute);

        // 2. Their calls, evenly over the minute.
        var start = LabSetting.Began.AddMinutes(minute);
        var pace = TimeSpan.TicksPerMinute / Math.Max(1, order.Count);
        for (var i = 0; i < order.Count; i++)
        {
            var place = order[i];
            ref var session = ref sessions[place < 0 ? ~place : place];
            var arm = candidate is not null && RolloutAssignment.ArmOf(session.Point, share, holdback: 0) == RolloutArm.Candidate ? candidate : current;
            Call(ref session, arm, isCandidate: arm == candidate, start.AddTicks(i * pace), minute);
            if (place < 0) free.Push(~place);
        }

        // 3. Verdicts whose time has come. The list is given out until the next step, and used again a turn of the ring later.
        verdicts.Clear();
        var ring = minute % dueVerdicts.Length;
        (verdicts, dueVerdicts[ring]) = (dueVerdicts[ring], verdicts);
    }

    /// <summary>Lets a session make its calls of this minute; its last call is noted as the complement of its place.</summary>
    private void CallsOf(int place, int minute)
    {
        while (true)
        {
            if (--sessions[place].Left == 0)
            {
                order.Add(~place);
                return;
            }
            order.Add(place);
            var gap = chance.Waiting() * MeanGapMinutes;
            if (gap < 0.5) continue; // On the average within the same minute.
            var ahead = Math.Min(LongestGap, (int)(gap + 0.5));
            dueCalls[(minute + ahead) % dueCalls.Length].Add(place);
            return;
        }
    }

    private int Begin()
    {
        if (!free.TryPop(out var place))
        {
            if (used == sessions.Length) Array.Resize(ref sessions, sessions.Length * 2);
            place = used++;
        }
        var name = setting.Sessions[sessionNumber++];
        sessions[place] = new()
        {
            Name = name,
            Point = Salt is null ? 0 : RolloutAssignment.Point(Salt, name),
            Left = chance.AtLeastOne(setting.Terms.CallsPerSession, MostCallsOfSession),
            Quality = chance.Share(),
            Check = chance.Share(),
            Pace = chance.Normal(),
        };
        return place;
    }

    /// <summary>One call from the decision to the answer, as the gateway would do it.</summary>
    private void Call(ref Session session, LabArm arm, bool isCandidate, DateTimeOffset at, int minute)
    {
        // 1. What is asked. Prompt and answer grow together: one draw for both.
        var size = Math.Exp(LabOutcomes.TokenSpread * chance.Normal()) * arm.Moment.Tokens * setting.TokenScale;
        var usage = new TokenUsage
        {
            Input = Math.Max(1, (long)(LabOutcomes.InputTokens * size)), Output = Math.Max(1, (long)(LabOutcomes.OutputTokens * size)), Source = UsageSource.Provider,
        };
        var facts = new CallFacts { Tag = setting.Tag, TagSource = TagSource.Header, EstimatedInputTokens = (int)Math.Min(int.MaxValue, usage.Input) };

        // 2. Where it goes.
        var policy = arm.Policy;
        var decision = Decider.Decide(policy, facts);
        var tier = decision.Tier;
        var candidates = decision.Candidates;
        var isChecked = !decision.Route.Checks.IsEmpty || checksAreQuality;
        var failed = decision.Status != DecisionStatus.Decided || chance.Happens(arm.Moment.ErrorRate);

        // 3. The attempts.
        long? cost = 0;
        long latency = 0, firstByte = 0;
        var (climbs, firstCheckFailed, unverified) = (0, false, false);
        var model = candidates.First;
        if (failed) latency = LabOutcomes.FailedMicros;
        while (!failed)
        {
            model = candidates.First;
            var spread = (Math.Sqrt(LabOutcomes.SharedPace) * session.Pace) + (Math.Sqrt(1 - LabOutcomes.SharedPace) * chance.Normal());
            var micros = (long)(arm.MedianMicros[tier.Index] * Math.Exp(LabOutcomes.LatencySpread * spread));
            firstByte = decision.Route.Holds ? latency + micros : latency + (long)(micros * LabOutcomes.FirstBytePart); // An answer that is checked is held until it is whole.
            latency += micros;
            cost += arm.Prices.Of(model, usage, at, micros);
            unverified = isChecked && !checksAreQuality && Drawn(session.Check) < arm.CheckRate[tier.Index];
            if (climbs == 0) firstCheckFailed = unverified;
            if (!unverified || !Decider.MayClimb(policy, decision, ClimbCause.CheckFailed, climbs, tier, out var next, out var above)) break;
            (tier, candidates) = (next, above);
            climbs++;
        }

        // 4. How good the answer is.
        var score = failed ? 0 : Score(arm, isCandidate, tier.Index, session.Quality);
        if (checksAreQuality && !failed) (unverified, firstCheckFailed) = (score < 1, firstCheckFailed || score < 1);
        double? verifier = hasVerifier && !failed ? score : null;
        var id = setting.Calls[callNumber++];
        calls.Add(new ObservedCall
        {
            Id = id, At = at, Tag = setting.Tag, Arm = arm.Name, Unit = session.Name, Session = session.Name, Revision = policy.Revision,
            Tier = decision.Tier.Name, Model = failed ? null : policy.Models[model].Name, UpstreamModel = failed ? null : policy.Models[model].UpstreamId,
            CostNanoUsd = cost, BaselineNanoUsd = failed ? 0 : arm.Prices.Baseline(usage, at, latency), LatencyMicros = latency, FirstByteMicros = failed ? null : firstByte,
            Checked = isChecked && !failed, CheckFailed = firstCheckFailed, Escalated = climbs > 0, FailedOver = !failed && chance.Happens(LabOutcomes.FailoverRate),
            Failed = failed, Unverified = unverified, VerifierScore = verifier,
        });
        if (!failed) Judge(id, session.Name, arm, decision.Tier.Name, score, verifier, minute);
    }

    /// <summary>Simulated answers are good or bad, since no other score of the same mean varies more.</summary>
    private double Score(LabArm arm, bool isCandidate, int rung, double session)
    {
        if (setting.Recorded is not { } recorded) return Drawn(session) < arm.Quality[rung] ? 1 : 0;
        var scores = isCandidate ? recorded.Candidate : recorded.Current;
        return scores[(int)(Drawn(session) * scores.Length)];
    }

    private void Judge(string call, string unit, LabArm arm, string tier, double score, double? verifier, int minute)
    {
        if ((hasJudge || hasFeedback) && chance.Happens(setting.Terms.Judged))
        {
            if (hasJudge) Tell(QualitySignal.Judge, score);
            if (hasFeedback) Tell(QualitySignal.Feedback, score);
        }
        if (hasOverride && score < 1 && chance.Happens(LabOutcomes.OverrideRate)) Tell(QualitySignal.Override, score);

        void Tell(QualitySignal signal, double value)
        {
            var delay = Math.Min(LongestDelay, (int)(chance.Waiting() * meanDelay));
            var at = LabSetting.Began.AddMinutes(minute + delay);
            dueVerdicts[(minute + delay) % dueVerdicts.Length].Add(new ObservedVerdict
            {
                At = at, Signal = signal, Score = value, CallId = call, Tag = setting.Tag, Arm = arm.Name, Unit = unit, Tier = tier, Revision = arm.Policy.Revision, VerifierScore = verifier,
            });
        }
    }

    /// <summary>The session's own draw, or a fresh one: so calls of a session hang together, and the mean stays what it is.</summary>
    private double Drawn(double session) => chance.Happens(setting.Terms.SessionPull) ? session : chance.Share();

    private static List<T>[] NewRing<T>(int length)
    {
        var ring = new List<T>[length];
        for (var i = 0; i < length; i++) ring[i] = [];
        return ring;
    }

    /// <summary>One session that goes on.</summary>
    private struct Session
    {
        public required string Name;
        public required ulong Point;
        public required int Left;
        /// <summary>Its draws: of quality and of checks in [0, 1), of pace as a standard normal.</summary>
        public required double Quality;
        public required double Check;
        public required double Pace;
    }
}
