using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Storage.Sqlite;

/// <summary>Reads whole calls back, each with its attempts and their checks. Not thread-safe.</summary>
internal sealed class CallReader : IDisposable
{
    private readonly Statement _call;
    private readonly Statement _attempts;
    private readonly Statement _checks;

    private CallReader(Connection connection, string where)
    {
        _call = new Statement(connection, $"SELECT {CallColumns.Call} FROM call {where}");
        _attempts = new Statement(connection, $"SELECT {CallColumns.Attempt} FROM attempt WHERE call_id = ? ORDER BY ordinal");
        _checks = new Statement(connection,
            "SELECT attempt, judged_by, score, detail, own_score FROM verdict WHERE call_id = ? AND kind = 'check' ORDER BY attempt, position");
    }

    /// <summary>One call; null when there is none of that id.</summary>
    public static CallRecord? Find(Connection connection, string id)
    {
        using var reader = new CallReader(connection, "WHERE id = ?");
        reader._call.Bind(1, id);
        return reader.Next();
    }

    /// <summary>Calls in order of their ids.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="query">Which.</param>
    /// <param name="after">The id behind which to go on (before which, for the newest first); null to begin.</param>
    /// <param name="most">At most so many.</param>
    public static List<CallRecord> Page(Connection connection, CallQuery query, string? after, int most)
    {
        var window = IdWindow.Of(query.Since, query.Until);
        using var reader = new CallReader(connection,
            $"WHERE id > ?1 AND id < ?2 AND started_at_us >= ?3 AND started_at_us < ?4 AND (?5 IS NULL OR tag = ?5){(query.Rollout is null ? "" : " AND arm >= ?7 AND arm < ?8")} ORDER BY id {(query.NewestFirst ? "DESC" : "ASC")} LIMIT ?6");
        (query.NewestFirst ? window.Before(after) : window.Behind(after)).Bind(reader._call);
        reader._call.Bind(5, query.Tag);
        reader._call.Bind(6, most);
        if (query.Rollout is { } rollout)
        {
            // Arms are written "7:candidate": a semicolon is the character behind the colon.
            reader._call.Bind(7, string.Create(CultureInfo.InvariantCulture, $"{rollout}:"));
            reader._call.Bind(8, string.Create(CultureInfo.InvariantCulture, $"{rollout};"));
        }

        var page = new List<CallRecord>();
        while (reader.Next() is { } call) page.Add(call);
        return page;
    }

    /// <summary>Ids of a window, in their order: by the millisecond that they begin with.</summary>
    public static List<string> Ids(Connection connection, DateTimeOffset since, DateTimeOffset? until)
    {
        using var rows = new Statement(connection, "SELECT id FROM call WHERE id >= ?1 AND id < ?2 ORDER BY id");
        rows.Bind(1, IdWindow.Prefix(since));
        rows.Bind(2, until is { } end ? IdWindow.Prefix(end) : IdWindow.End);
        var ids = new List<string>();
        while (rows.Next()) ids.Add(rows.Text(0));
        return ids;
    }

    /// <summary>The calls of these ids, in order of their ids; those that are not there are left out.</summary>
    public static List<CallRecord> FindAll(Connection connection, IReadOnlyCollection<string> ids)
    {
        using var reader = new CallReader(connection, "WHERE id = ?");
        var calls = new List<CallRecord>(ids.Count);
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            reader._call.Bind(1, id);
            if (reader.Next() is not { } call) continue;
            reader._call.Reset();
            calls.Add(call);
        }
        return calls;
    }

    private CallRecord? Next()
    {
        if (!_call.Next()) return null;
        var call = ReadCall(_call);
        _attempts.Bind(1, call.Id);
        while (_attempts.Next()) call.Attempts.Add(ReadAttempt(_attempts));
        ReadChecks(call);
        return call;
    }

    private void ReadChecks(CallRecord call)
    {
        var byAttempt = new Dictionary<int, ImmutableArray<CheckVerdict>.Builder>();
        _checks.Bind(1, call.Id);
        while (_checks.Next())
        {
            var ordinal = (int)_checks.Integer(0);
            if (!byAttempt.TryGetValue(ordinal, out var checks)) byAttempt.Add(ordinal, checks = ImmutableArray.CreateBuilder<CheckVerdict>());
            checks.Add(new CheckVerdict(_checks.Text(1), _checks.Real(2) >= 0.5, _checks.TextOrNull(3)) { Score = _checks.RealOrNull(4) });
        }
        foreach (var attempt in call.Attempts)
        {
            if (byAttempt.TryGetValue(attempt.Ordinal, out var checks)) attempt.Checks = checks.ToImmutable();
        }
    }

    // In the order of CallColumns.Call.
    private static CallRecord ReadCall(Statement row) => new()
    {
        Id = row.Text(0),
        StartedAt = UnixMicros.ToInstant(row.Integer(1)),
        Tag = row.TextOrNull(2),
        TagSource = (TagSource)row.Integer(3),
        Role = row.TextOrNull(4),
        Session = row.TextOrNull(5),
        User = row.TextOrNull(6),
        Route = row.Text(7),
        Arm = row.TextOrNull(8),
        PolicyRevision = row.Integer(9),
        PolicyHash = row.Text(10),
        Streamed = row.Integer(11) != 0,
        Status = (CallStatus)row.Integer(12),
        HttpStatus = (int)row.Integer(13),
        LatencyMicros = row.Integer(14),
        FirstByteMicros = row.IntegerOrNull(15),
        Tier = row.TextOrNull(16),
        Model = row.TextOrNull(17),
        CostNanoUsd = row.Integer(18),
        UnknownPriceAttempts = (int)row.Integer(19),
        BaselineNanoUsd = row.IntegerOrNull(20),
        BaselineModel = row.TextOrNull(21),
        Reason = row.TextOrNull(22),
    };

    // In the order of CallColumns.Attempt.
    private static AttemptRecord ReadAttempt(Statement row) => new()
    {
        Ordinal = (int)row.Integer(0),
        Kind = (AttemptKind)row.Integer(1),
        Model = row.Text(2),
        Provider = row.Text(3),
        Tier = row.Text(4),
        Propensity = row.Real(5),
        StartedAt = UnixMicros.ToInstant(row.Integer(6)),
        Outcome = (AttemptOutcome)row.Integer(7),
        HttpStatus = (int)row.Integer(8),
        LatencyMicros = row.Integer(9),
        FirstByteMicros = row.IntegerOrNull(10),
        Usage = new TokenUsage
        {
            Input = row.Integer(11),
            CacheRead = row.Integer(12),
            CacheWrite = row.Integer(13),
            CacheWriteLong = row.Integer(14),
            AudioInput = row.Integer(15),
            Output = row.Integer(16),
            Reasoning = row.Integer(17),
            AudioOutput = row.Integer(18),
            Source = (UsageSource)row.Integer(19),
            Tier = (ServiceTier)row.Integer(20),
            ReportedCostNanoUsd = row.IntegerOrNull(21),
        },
        CostNanoUsd = row.IntegerOrNull(22),
        UpstreamModel = row.TextOrNull(23),
        FinishReason = row.TextOrNull(24),
        Error = row.TextOrNull(25),
        SavedTokens = row.IntegerOrNull(26),
        SavedMicros = row.IntegerOrNull(27),
    };

    public void Dispose()
    {
        _call.Dispose();
        _attempts.Dispose();
        _checks.Dispose();
    }
}
