using Rung.Core.Measurement;
using Rung.Core.Spans;
using Rung.Storage.Reports;
using Rung.Storage.Rollups;

namespace Rung.Storage.Tests.Rollups;

/// <summary>Calls and verdicts by chance, and what roll-ups must say of them: added up from the calls themselves, without a database.</summary>
internal sealed class RollupTruth(Random random, DateTimeOffset newest)
{
    private static readonly string?[] Tags = ["a", "b", "", null, "c", Rung.Core.Rollouts.GuardBook.ShadowPrefix + "a"];

    private readonly Dictionary<string, CallRecord> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VerdictRecord> _verdicts = new(StringComparer.Ordinal);
    private readonly List<CallRecord> _unwritten = [];

    /// <summary>Calls that were made so far, written or not.</summary>
    public int Made { get; private set; }

    /// <summary>Some new calls within the last days, in any order; now and then with one that is there already.</summary>
    public List<CallRecord> SomeCalls(int most)
    {
        var batch = new List<CallRecord>();
        for (var i = random.Next(1, most + 1); i > 0; i--)
        {
            var call = _unwritten.Count > 0 && random.Next(3) == 0 ? _unwritten[random.Next(_unwritten.Count)] : Any();
            _unwritten.Remove(call);
            if (_calls.TryAdd(call.Id, call) || random.Next(2) == 0) batch.Add(call);
        }
        if (_calls.Count > 0 && random.Next(3) == 0) batch.Add(_calls.Values.First());
        return batch;
    }

    /// <summary>Some verdicts on calls that are written, on calls that are not, and on sessions.</summary>
    public List<VerdictRecord> SomeVerdicts(int most)
    {
        var batch = new List<VerdictRecord>();
        for (var i = random.Next(1, most + 1); i > 0; i--)
        {
            var verdict = AnyVerdict();
            _verdicts.TryAdd(verdict.Id, verdict);
            batch.Add(verdict);
        }
        return batch;
    }

    /// <summary>What the roll-ups must say of every tag in a window: calls where they began, sessions where they began.</summary>
    public Dictionary<string, MeasureSums> Expected(DateTimeOffset from, DateTimeOffset to)
    {
        var found = new Dictionary<string, MeasureSums>(StringComparer.Ordinal);
        var sessions = new Dictionary<(string Tag, string Session), SessionSums>();
        MeasureSums Of(string? tag) => found.TryGetValue(tag ?? "-", out var sums) ? sums : found[tag ?? "-"] = new MeasureSums();
        foreach (var call in _calls.Values.Where(call => call.Tag?.StartsWith(Rung.Core.Rollouts.GuardBook.ShadowPrefix, StringComparison.Ordinal) != true))
        {
            var observed = ObservedCalls.Of(call);
            var isIn = call.StartedAt >= from && call.StartedAt < to;
            if (isIn) Of(call.Tag).Add(observed);
            SessionSums? session = null;
            if (call.Session is { } name)
            {
                if (!sessions.TryGetValue((call.Tag ?? "-", name), out session)) sessions.Add((call.Tag ?? "-", name), session = new SessionSums());
                session.Add(observed);
            }
            foreach (var verdict in _verdicts.Values.Where(verdict => verdict.CallId == call.Id))
            {
                if (ObservedCalls.Of(verdict, call: null) is not { } said) continue;
                session?.Add(said);
                if (!isIn) continue;
                if (session is null) Of(call.Tag).Add(said);
                else if (said.Signal == QualitySignal.Override) Of(call.Tag).AddOverride();
            }
        }
        foreach (var ((tag, name), sums) in sessions)
        {
            foreach (var verdict in _verdicts.Values.Where(verdict => verdict.CallId is null && verdict.Session == name && (verdict.Tag is null || verdict.Tag == tag)))
            {
                if (ObservedCalls.Of(verdict, call: null) is { } said) sums.Add(said);
            }
            if (sums.First >= from && sums.First < to) Of(tag == "-" ? null : tag).Add(sums);
        }
        return found;
    }

    /// <summary>Whether a measure is as it must be, to the last digit.</summary>
    public static void Same(MeasureReading expected, MeasureReading actual)
    {
        Assert.Equal(expected with { Signals = [] }, actual with { Signals = [] });
        Assert.Equal(expected.Signals.AsEnumerable(), actual.Signals.AsEnumerable());
    }

    /// <summary>Whether amounts are those of a row of a report.</summary>
    public static void Same(ReportRow expected, SpendSums actual, bool byAttempt)
    {
        Assert.Equal(
            (expected.Attempts, expected.Escalations, expected.TokensIn, expected.TokensCached, expected.TokensOut, expected.CostNanoUsd, expected.UnknownPriceAttempts),
            (actual.Attempts, actual.Escalations, actual.TokensIn, actual.TokensCached, actual.TokensOut, actual.CostNanoUsd, actual.UnknownPriceAttempts));
        Assert.Equal((expected.DoomedAttempts, expected.DoomedMeasured, expected.SavedTokens, expected.SavedMicros), (actual.DoomedAttempts, actual.DoomedMeasured, actual.SavedTokens, actual.SavedMicros));
        Assert.Equal(
            (expected.Answered, expected.BaselineNanoUsd ?? 0, expected.CallsWithBaseline, expected.SavingNanoUsd, expected.CallsInSaving),
            (actual.Answered, actual.BaselineNanoUsd, actual.CallsWithBaseline, actual.SavingNanoUsd, actual.CallsInSaving));
        if (byAttempt) Assert.Equal(expected.Key is null ? 0 : expected.Errors, actual.AttemptErrors);
        else Assert.Equal((expected.Calls, expected.EscalatedCalls, expected.Errors), (actual.Calls, actual.EscalatedCalls, actual.Errors));
    }

    private CallRecord Any()
    {
        Made++;
        var at = newest.AddMicroseconds(-(long)(random.NextDouble() * random.NextDouble() * 5 * 86_400e6));
        if (random.Next(4) == 0) at = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerHour), TimeSpan.Zero); // Edges are where faults are.
        var answerer = random.Next(4);
        var status = (CallStatus)random.Next(1, 7);
        var call = new CallRecord
        {
            Id = AnyCall.IdOf(at, new Guid(random.Next(), 1, 2, 3, 4, 5, (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256))), StartedAt = at, Tag = Tags[random.Next(Tags.Length)], Role = random.Next(3) switch { 0 => "worker", 1 => "planner", _ => null },
            Session = random.Next(3) == 0 ? null : $"s{random.Next(12)}", User = "u1", Route = random.Next(4) == 0 ? "default" : "a", PolicyRevision = 1, PolicyHash = "hash", Status = status,
            LatencyMicros = random.Next(1, 1_000_000), FirstByteMicros = random.Next(2) == 0 ? null : random.Next(1_000_000), BaselineNanoUsd = random.Next(4) == 0 ? null : random.Next(5_000_000),
            Tier = answerer == 3 ? null : answerer == 0 ? "small" : "frontier", Model = answerer == 3 ? null : $"model-{answerer}",
        };
        for (var i = random.Next(4); i > 0; i--) call.Attempts.Add(AnyAttempt(call));
        call.CostNanoUsd = call.Attempts.Sum(attempt => attempt.CostNanoUsd ?? 0);
        call.UnknownPriceAttempts = call.Attempts.Count(attempt => attempt.CostNanoUsd is null);
        if (random.Next(5) == 0) _unwritten.Add(call); // A verdict may come before it.
        return call;
    }

    private AttemptRecord AnyAttempt(CallRecord call)
    {
        var rung = random.Next(3);
        var outcome = (AttemptOutcome)random.Next(1, 12);
        return new AttemptRecord
        {
            Ordinal = call.Attempts.Count, Kind = (AttemptKind)random.Next(1, 8), Model = $"model-{rung}", Provider = "openai", Tier = rung == 0 ? "small" : "frontier", Propensity = 1, StartedAt = call.StartedAt,
            Outcome = outcome, LatencyMicros = random.Next(1_000_000), FirstByteMicros = random.Next(2) == 0 ? null : random.Next(1_000),
            Usage = new TokenUsage { Input = random.Next(5_000), CacheRead = random.Next(100), Output = random.Next(900) }, CostNanoUsd = random.Next(6) == 0 ? null : random.Next(1_000_000),
            SavedTokens = outcome == AttemptOutcome.Doomed && random.Next(2) == 0 ? random.Next(100) : null, SavedMicros = outcome == AttemptOutcome.Doomed && random.Next(2) == 0 ? random.Next(100) : null,
            Checks = random.Next(2) == 0 ? [] : [new CheckVerdict("form", random.Next(3) > 0, null) { Score = random.Next(2) == 0 ? null : random.Next(9) / 8.0 }],
        };
    }

    private VerdictRecord AnyVerdict()
    {
        var calls = _unwritten.Count > 0 && random.Next(3) == 0 ? _unwritten : [.. _calls.Values];
        var ofSession = calls.Count == 0 || random.Next(3) == 0;
        return new VerdictRecord
        {
            Id = $"v{random.Next(500)}", CallId = ofSession ? null : calls[random.Next(calls.Count)].Id, Session = ofSession ? $"s{random.Next(12)}" : null, Tag = ofSession && random.Next(3) == 0 ? "a" : null,
            Kind = (VerdictKind)random.Next(1, 10), Score = random.NextDouble(), Weight = random.Next(5) == 0 ? 0 : 1, By = "user", At = newest,
        };
    }
}
