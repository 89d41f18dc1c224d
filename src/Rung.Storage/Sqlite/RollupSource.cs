using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Spans;
using Rung.Storage.Rollups;

namespace Rung.Storage.Sqlite;

/// <summary>
/// Reads what roll-ups are made of: of calls only what is added up, verdicts that are not waiting, and the sessions that are in the sums. Keeps its statements; not thread-safe.
/// </summary>
internal sealed class RollupSource(Connection connection) : IDisposable
{
    private const string Columns =
        "id, started_at_us, tag, role, session, route, status, latency_us, first_byte_us, tier, model, cost_nano_usd, unknown_price_attempts, baseline_nano_usd";

    // A verdict that waits is added when its turn comes, and not with its call.
    private const string Settled = "NOT EXISTS (SELECT 1 FROM rollup_pending_verdict p WHERE p.id = v.id)";

    private readonly TextPool _texts = new();
    private readonly Statement _call = new(connection, $"SELECT {Columns} FROM call WHERE id = ?");
    private readonly Statement _older = new(connection, $"SELECT {Columns} FROM call WHERE id < ? ORDER BY id DESC LIMIT ?");
    private readonly Statement _window = new(connection, $"SELECT {Columns} FROM call WHERE id > ?1 AND id < ?2 AND started_at_us >= ?3 AND started_at_us < ?4");
    private readonly Statement _attempts = new(connection, """
        SELECT ordinal, kind, model, tier, outcome, latency_us, first_byte_us, input_tokens, cache_read_tokens, output_tokens, cost_nano_usd, saved_tokens, saved_us
        FROM attempt WHERE call_id = ? ORDER BY ordinal
        """);
    private readonly Statement _checks = new(connection, "SELECT attempt, score, own_score FROM verdict WHERE call_id = ? AND kind = 'check' ORDER BY attempt, position");
    private readonly Statement _ofCall = new(connection, $"SELECT v.kind, v.score, v.weight FROM quality_verdict v WHERE v.call_id = ? AND {Settled}");
    private readonly Statement _ofSession = new(connection, $"SELECT v.kind, v.score, v.weight, v.tag FROM quality_verdict v WHERE v.session = ? AND v.call_id IS NULL AND {Settled}");
    private readonly Statement _unit = new(connection, "SELECT sums FROM rollup_unit WHERE session = ? AND tag = ?");
    private readonly Statement _tagsOfSession = new(connection, "SELECT tag FROM rollup_unit WHERE session = ?");

    /// <summary>The names, as far as they have been loaded.</summary>
    public RollupNames Names { get; } = new(connection);

    /// <summary>One call; null when there is none of that id.</summary>
    public CallRecord? Find(string id)
    {
        _call.Bind(1, id);
        if (!_call.Next()) return null;
        var call = Read(_call);
        _call.Reset();
        return call;
    }

    /// <summary>The newest calls whose id lies before another, the newest first.</summary>
    public List<CallRecord> Older(string before, int most)
    {
        _older.Bind(1, before);
        _older.Bind(2, (long)most);
        return All(_older);
    }

    /// <summary>The calls that began in a window.</summary>
    public List<CallRecord> Between(DateTimeOffset from, DateTimeOffset to)
    {
        IdWindow.Of(from, to).Bind(_window);
        return All(_window);
    }

    /// <summary>Verdicts on a call that are not waiting, into a list.</summary>
    public void VerdictsOf(string callId, List<ObservedVerdict> found)
    {
        found.Clear();
        _ofCall.Bind(1, callId);
        while (_ofCall.Next())
        {
            if (Observed(_ofCall.Integer(0), _ofCall.Real(1), _ofCall.Real(2), callId, session: null, tag: null) is { } verdict) found.Add(verdict);
        }
    }

    /// <summary>Verdicts on a session as a whole that are not waiting, into a list.</summary>
    public void VerdictsOfSession(string session, List<ObservedVerdict> found)
    {
        found.Clear();
        _ofSession.Bind(1, session);
        while (_ofSession.Next())
        {
            if (Observed(_ofSession.Integer(0), _ofSession.Real(1), _ofSession.Real(2), callId: null, session, _ofSession.TextOrNull(3)) is { } verdict) found.Add(verdict);
        }
    }

    /// <summary>What a session has in the sums; null when it is not in them.</summary>
    public SessionSums? Unit(string session, TagKey tag)
    {
        if (!Names.Tags.TryFind(tag, out var id)) return null;
        _unit.Bind(1, session);
        _unit.Bind(2, id);
        if (!_unit.Next()) return null;
        var sums = SessionSums.FromBytes(_unit.Bytes(0));
        _unit.Reset();
        return sums;
    }

    /// <summary>The tags that a session has in the sums.</summary>
    public List<TagKey> TagsOf(string session)
    {
        var tags = new List<TagKey>();
        _tagsOfSession.Bind(1, session);
        while (_tagsOfSession.Next()) tags.Add(Names.Tags[_tagsOfSession.Integer(0)]);
        return tags;
    }

    /// <summary>A stored verdict as an observation; null for one that is no quality, or is only recorded.</summary>
    public static ObservedVerdict? Observed(long kind, double score, double weight, string? callId, string? session, string? tag) =>
        weight > 0 && ObservedCalls.SignalOf((VerdictKind)kind) is { } signal
            ? new ObservedVerdict { At = default, Signal = signal, Score = Math.Clamp(score, 0, 1), CallId = callId, Tag = tag, Unit = session ?? callId ?? "" } : null;

    private List<CallRecord> All(Statement rows)
    {
        var calls = new List<CallRecord>();
        while (rows.Next()) calls.Add(Read(rows));
        return calls;
    }

    private string? Name(Statement row, int column) => row.IsNull(column) ? null : _texts.Of(row.Bytes(column));

    // In the order of Columns.
    private CallRecord Read(Statement row)
    {
        var call = new CallRecord
        {
            Id = row.Text(0), StartedAt = UnixMicros.ToInstant(row.Integer(1)), Tag = Name(row, 2), Role = Name(row, 3), Session = row.TextOrNull(4), Route = Name(row, 5) ?? "",
            PolicyRevision = 0, PolicyHash = "", Status = (CallStatus)row.Integer(6), LatencyMicros = row.Integer(7), FirstByteMicros = row.IntegerOrNull(8), Tier = Name(row, 9), Model = Name(row, 10),
            CostNanoUsd = row.Integer(11), UnknownPriceAttempts = (int)row.Integer(12), BaselineNanoUsd = row.IntegerOrNull(13),
        };
        _attempts.Bind(1, call.Id);
        while (_attempts.Next()) call.Attempts.Add(ReadAttempt(call.StartedAt));
        if (call.Attempts.Count > 0) ReadChecks(call);
        return call;
    }

    private AttemptRecord ReadAttempt(DateTimeOffset at) => new()
    {
        Ordinal = (int)_attempts.Integer(0), Kind = (AttemptKind)_attempts.Integer(1), Model = Name(_attempts, 2)!, Tier = Name(_attempts, 3)!, Provider = "", Propensity = 1, StartedAt = at,
        Outcome = (AttemptOutcome)_attempts.Integer(4), LatencyMicros = _attempts.Integer(5), FirstByteMicros = _attempts.IntegerOrNull(6),
        Usage = new TokenUsage { Input = _attempts.Integer(7), CacheRead = _attempts.Integer(8), Output = _attempts.Integer(9) },
        CostNanoUsd = _attempts.IntegerOrNull(10), SavedTokens = _attempts.IntegerOrNull(11), SavedMicros = _attempts.IntegerOrNull(12),
    };

    private void ReadChecks(CallRecord call)
    {
        _checks.Bind(1, call.Id);
        ImmutableArray<CheckVerdict>.Builder? checks = null;
        AttemptRecord? attempt = null;
        while (_checks.Next())
        {
            var ordinal = (int)_checks.Integer(0);
            if (attempt?.Ordinal != ordinal)
            {
                if (attempt is not null) attempt.Checks = checks!.ToImmutable();
                attempt = call.Attempts.Find(one => one.Ordinal == ordinal);
                checks = ImmutableArray.CreateBuilder<CheckVerdict>();
                if (attempt is null) continue;
            }
            checks!.Add(new CheckVerdict("", _checks.Real(1) >= 0.5, null) { Score = _checks.RealOrNull(2) });
        }
        if (attempt is not null) attempt.Checks = checks!.ToImmutable();
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_call, _older, _window, _attempts, _checks, _ofCall, _ofSession, _unit, _tagsOfSession]) statement.Dispose();
    }
}
