using Rung.Core.Spans;

namespace Rung.Storage.Sqlite;

/// <summary>
/// Writes batches of calls, one transaction each. Shares a core with the hot path at thousands of calls a second, so it keeps its
/// statements, binds only what changed since the row before, and allocates nothing per call. Not thread-safe.
/// </summary>
internal sealed class CallWriter : IDisposable
{
    private readonly Connection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _call;
    private readonly Statement _attempt;
    private readonly Statement _verdict;
    private readonly RollupQueue? _queue;

    /// <summary>Makes one.</summary>
    /// <param name="connection">The ledger, whose schema is up to date.</param>
    /// <param name="queue">Notes new calls for the roll-ups, and ends with the writer; null: nobody adds them up.</param>
    public CallWriter(Connection connection, RollupQueue? queue)
    {
        (_connection, _queue) = (connection, queue);
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _call = new Statement(connection, $"INSERT OR IGNORE INTO call ({CallColumns.Call}) VALUES ({Marks(23)})");
        _attempt = new Statement(connection, $"INSERT INTO attempt (call_id, {CallColumns.Attempt}) VALUES ({Marks(29)})");
        _verdict = new Statement(connection,
            "INSERT INTO verdict (call_id, attempt, kind, position, score, judged_by, weight, detail, own_score) VALUES (?, ?, 'check', ?, ?, ?, 1, ?, ?)");
    }

    /// <summary>Writes all of a batch or, when it throws, nothing of it. A call whose id is there already is left as it is.</summary>
    public void Append(IReadOnlyList<CallRecord> batch)
    {
        _begin.Run();
        try
        {
            _queue?.Begin();
            for (var i = 0; i < batch.Count; i++) Insert(batch[i]);
            _queue?.End();
            _commit.Run();
        }
        catch
        {
            _connection.RollBack();
            throw;
        }
    }

    private void Insert(CallRecord call)
    {
        BindCall(call);
        _call.Run();
        if (_connection.Changes == 0) return; // It is there already, and so are its attempts: they came in the same transaction.
        _queue?.Add(call.Id);

        foreach (var attempt in call.Attempts)
        {
            BindAttempt(call.Id, attempt);
            _attempt.Run();
            if (!attempt.Checks.IsDefaultOrEmpty) InsertChecks(call.Id, attempt);
        }
    }

    private void InsertChecks(string callId, AttemptRecord attempt)
    {
        for (var position = 0; position < attempt.Checks.Length; position++)
        {
            var check = attempt.Checks[position];
            _verdict.Bind(1, callId);
            _verdict.Bind(2, attempt.Ordinal);
            _verdict.Bind(3, position);
            _verdict.Bind(4, check.Passed ? 1L : 0L);
            _verdict.Bind(5, check.Check);
            _verdict.Bind(6, check.Detail);
            _verdict.Bind(7, check.Score);
            _verdict.Run();
        }
    }

    // In the order of CallColumns.Call.
    private void BindCall(CallRecord call)
    {
        var row = _call;
        row.Bind(1, call.Id);
        row.Bind(2, UnixMicros.From(call.StartedAt));
        row.Bind(3, call.Tag);
        row.Bind(4, (long)call.TagSource);
        row.Bind(5, call.Role);
        row.Bind(6, call.Session);
        row.Bind(7, call.User);
        row.Bind(8, call.Route);
        row.Bind(9, call.Arm);
        row.Bind(10, call.PolicyRevision);
        row.Bind(11, call.PolicyHash);
        row.Bind(12, call.Streamed ? 1L : 0L);
        row.Bind(13, (long)call.Status);
        row.Bind(14, call.HttpStatus);
        row.Bind(15, call.LatencyMicros);
        row.Bind(16, call.FirstByteMicros);
        row.Bind(17, call.Tier);
        row.Bind(18, call.Model);
        row.Bind(19, call.CostNanoUsd);
        row.Bind(20, call.UnknownPriceAttempts);
        row.Bind(21, call.BaselineNanoUsd);
        row.Bind(22, call.BaselineModel);
        row.Bind(23, call.Reason);
    }

    // In the order of CallColumns.Attempt, behind the id.
    private void BindAttempt(string callId, AttemptRecord attempt)
    {
        var row = _attempt;
        var usage = attempt.Usage;
        row.Bind(1, callId);
        row.Bind(2, attempt.Ordinal);
        row.Bind(3, (long)attempt.Kind);
        row.Bind(4, attempt.Model);
        row.Bind(5, attempt.Provider);
        row.Bind(6, attempt.Tier);
        row.Bind(7, attempt.Propensity);
        row.Bind(8, UnixMicros.From(attempt.StartedAt));
        row.Bind(9, (long)attempt.Outcome);
        row.Bind(10, attempt.HttpStatus);
        row.Bind(11, attempt.LatencyMicros);
        row.Bind(12, attempt.FirstByteMicros);
        row.Bind(13, usage.Input);
        row.Bind(14, usage.CacheRead);
        row.Bind(15, usage.CacheWrite);
        row.Bind(16, usage.CacheWriteLong);
        row.Bind(17, usage.AudioInput);
        row.Bind(18, usage.Output);
        row.Bind(19, usage.Reasoning);
        row.Bind(20, usage.AudioOutput);
        row.Bind(21, (long)usage.Source);
        row.Bind(22, (long)usage.Tier);
        row.Bind(23, usage.ReportedCostNanoUsd);
        row.Bind(24, attempt.CostNanoUsd);
        row.Bind(25, attempt.UpstreamModel);
        row.Bind(26, attempt.FinishReason);
        row.Bind(27, attempt.Error);
        row.Bind(28, attempt.SavedTokens);
        row.Bind(29, attempt.SavedMicros);
    }

    private static string Marks(int count) => string.Join(", ", Enumerable.Repeat("?", count));

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _call.Dispose();
        _attempt.Dispose();
        _verdict.Dispose();
        _queue?.Dispose();
    }
}
