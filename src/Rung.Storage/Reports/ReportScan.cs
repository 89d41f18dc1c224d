using Rung.Core.Spans;
using Rung.Storage.Sqlite;

namespace Rung.Storage.Reports;

/// <summary>
/// Adds up a report in one pass: calls and attempts lie in the same order, so the two are read side by side and nothing is looked up,
/// joined or sorted by the database.
/// </summary>
internal sealed class ReportScan : IDisposable
{
    private readonly ReportQuery _query;
    private readonly bool _byAttempt;
    private readonly Statement _calls;
    private readonly Statement _attempts;
    private readonly ReportGroups<GroupSums> _groups = new(key => new GroupSums(key));
    private readonly GroupSums _totals = new(key: null);
    private readonly Quantiles _latencies = new();
    private readonly Quantiles _firstBytes = new();
    private readonly NameTable _models = new();
    private readonly List<(string? Tier, long BaselineCalls)> _ofModel = []; // By number of the model.
    private readonly List<int> _reached = []; // Groups that the attempts of the present call belong to.
    private readonly List<int> _climbedTo = []; // Those of its escalations.
    private bool _attemptsLeft;

    private ReportScan(Connection connection, ReportQuery query)
    {
        _query = query;
        _byAttempt = query.By is ReportGrouping.Model or ReportGrouping.Tier;
        var window = IdWindow.Of(query.Since, query.Until);
        _calls = new Statement(connection, $"""
            SELECT id, {CallKey(query.By)}, started_at_us, status, latency_us, first_byte_us, baseline_nano_usd, baseline_model
            FROM call WHERE id >= ?1 AND id < ?2 AND started_at_us >= ?3 AND started_at_us < ?4 ORDER BY id
            """);
        window.Bind(_calls);
        _attempts = new Statement(connection, """
            SELECT call_id, kind, outcome, latency_us, first_byte_us,
                   input_tokens, cache_read_tokens, output_tokens, cost_nano_usd, model, tier, saved_tokens, saved_us
            FROM attempt WHERE call_id >= ?1 AND call_id < ?2 ORDER BY call_id, ordinal
            """);
        _attempts.Bind(1, window.FromId);
        _attempts.Bind(2, window.ToId);
    }

    public static LedgerReport Run(Connection connection, ReportQuery query, CancellationToken cancellationToken)
    {
        using var scan = new ReportScan(connection, query);
        scan._attemptsLeft = scan._attempts.Next();
        for (var calls = 0; scan._calls.Next(); calls++)
        {
            if (calls % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            scan.AddCall();
        }
        return scan.ToReport();
    }

    // The columns are named here and not by the caller: no text of a user reaches SQL.
    private static string CallKey(ReportGrouping by) => by switch
    {
        ReportGrouping.Tag => "tag",
        ReportGrouping.Role => "role",
        ReportGrouping.Session => "session",
        ReportGrouping.Route => "route",
        ReportGrouping.Model => "model",
        ReportGrouping.Tier => "tier",
        ReportGrouping.Day => "NULL",
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No such grouping."),
    };

    private void AddCall()
    {
        // By model and tier this is the group of the answer; of the attempts, each has its own.
        var group = _query.By == ReportGrouping.Day ? _groups.OfDay(_calls.Integer(2))
            : _calls.IsNull(1) ? _groups.WithoutKey()
            : _groups.Of(_calls.Bytes(1));
        var (cost, priced) = AddAttempts(group);
        CountCall(group, (CallStatus)_calls.Integer(3));
        AddBaseline(group, cost, priced);
        if (!_byAttempt) AddTimes(group, _calls.Integer(4), _calls.IntegerOrNull(5));
    }

    private (Int128 Cost, bool Priced) AddAttempts(int callGroup)
    {
        _reached.Clear();
        _climbedTo.Clear();
        Int128 cost = 0;
        var priced = true;
        var climbed = false;
        while (_attemptsLeft)
        {
            var order = _attempts.Bytes(0).SequenceCompareTo(_calls.Bytes(0));
            if (order > 0) break;
            if (order == 0)
            {
                var attempt = ReadAttempt();
                AddAttempt(callGroup, attempt);
                cost += attempt.CostNanoUsd ?? 0;
                priced &= attempt.CostNanoUsd is not null;
                climbed |= attempt.IsEscalation;
            }
            _attemptsLeft = _attempts.Next(); // Those in front belong to calls outside the window.
        }
        if (climbed) _totals.EscalatedCalls++;
        if (climbed && !_byAttempt) _groups[callGroup].EscalatedCalls++;
        return (cost, priced);
    }

    private AttemptRow ReadAttempt() => new(
        IsEscalation: (AttemptKind)_attempts.Integer(1) == AttemptKind.Escalation,
        Outcome: (AttemptOutcome)_attempts.Integer(2),
        LatencyMicros: _attempts.Integer(3),
        FirstByteMicros: _attempts.IntegerOrNull(4),
        TokensIn: _attempts.Integer(5),
        TokensCached: _attempts.Integer(6),
        TokensOut: _attempts.Integer(7),
        CostNanoUsd: _attempts.IntegerOrNull(8),
        SavedTokens: _attempts.IntegerOrNull(11),
        SavedMicros: _attempts.IntegerOrNull(12));

    private void AddAttempt(int callGroup, in AttemptRow attempt)
    {
        var model = Model(_attempts.Bytes(9));
        if (_ofModel[model].Tier is null) _ofModel[model] = _ofModel[model] with { Tier = _attempts.Text(10) };

        var group = !_byAttempt ? callGroup : _groups.Of(_attempts.Bytes(_query.By == ReportGrouping.Model ? 9 : 10));
        var sums = _groups[group];
        sums.AddAttempt(attempt);
        _totals.AddAttempt(attempt);
        if (!_byAttempt) return;

        if (AddOnce(_reached, group)) sums.Calls++;
        if (attempt.IsEscalation && AddOnce(_climbedTo, group)) sums.EscalatedCalls++;
        if (attempt.Outcome != AttemptOutcome.Completed) CountFailure(sums, attempt.Outcome, attempt.IsError);
        AddTimes(group, attempt.LatencyMicros, attempt.FirstByteMicros);
    }

    private void CountCall(int group, CallStatus status)
    {
        _totals.Calls++;
        if (!_byAttempt)
        {
            _groups[group].Calls++;
            var isError = status is CallStatus.Failed or CallStatus.Rejected or CallStatus.CutShort;
            if (status != CallStatus.Answered) CountFailure(_groups[group], status, isError);
        }
        else if (_reached.Count == 0)
        {
            _groups[_groups.WithoutKey()].Calls++; // Rejected before any attempt.
        }
        if (status is not (CallStatus.Answered or CallStatus.AnsweredUnverified)) return;
        _groups[group].Answered++;
        _totals.Answered++;
    }

    private void AddBaseline(int group, Int128 cost, bool priced)
    {
        var baseline = _calls.IntegerOrNull(6);
        _groups[group].AddBaseline(baseline, cost, priced);
        _totals.AddBaseline(baseline, cost, priced);
        if (baseline is null || _calls.IsNull(7)) return;
        var model = Model(_calls.Bytes(7));
        _ofModel[model] = _ofModel[model] with { BaselineCalls = _ofModel[model].BaselineCalls + 1 };
    }

    private int Model(ReadOnlySpan<byte> name)
    {
        var model = _models.Of(name);
        if (model == _ofModel.Count) _ofModel.Add((null, 0));
        return model;
    }

    // The lists are as short as a call has attempts.
    private static bool AddOnce(List<int> groups, int group)
    {
        if (groups.Contains(group)) return false;
        groups.Add(group);
        return true;
    }

    private void CountFailure(GroupSums sums, Enum how, bool isError)
    {
        sums.AddFailure(how);
        _totals.AddFailure(how);
        if (!isError) return;
        sums.Errors++;
        _totals.Errors++;
    }

    private void AddTimes(int group, long latencyMicros, long? firstByteMicros)
    {
        _latencies.Add(group, latencyMicros);
        if (firstByteMicros is { } micros) _firstBytes.Add(group, micros);
    }

    private LedgerReport ToReport()
    {
        var latencies = _latencies.Take(_groups.Count);
        var firstBytes = _firstBytes.Take(_groups.Count);
        var rows = InOrder();
        var shown = _query.Limit is { } limit && limit < rows.Count ? limit : rows.Count;
        var first = _query.By == ReportGrouping.Day ? rows.Count - shown : 0; // The newest days.
        return new LedgerReport
        {
            By = _query.By,
            Since = _query.Since,
            Until = _query.Until,
            Rows = rows.GetRange(first, shown).ConvertAll(group => _groups[group].ToRow(latencies[group], firstBytes[group])),
            RowsLeftOut = rows.Count - shown,
            Totals = _totals.ToRow(latencies[^1], firstBytes[^1]),
            Baselines = Baselines(),
        };
    }

    // Days in order of time; else the costliest first, then the busiest, then by name, so that equal ledgers give equal reports.
    private List<int> InOrder()
    {
        var groups = Enumerable.Range(0, _groups.Count);
        var ordered = _query.By == ReportGrouping.Day
            ? groups.OrderBy(group => _groups[group].Key, StringComparer.Ordinal)
            : groups.OrderByDescending(group => _groups[group].Cost)
                .ThenByDescending(group => _groups[group].Calls)
                .ThenBy(group => _groups[group].Key, StringComparer.Ordinal);
        return ordered.ToList();
    }

    private List<BaselineAssumption> Baselines() => Enumerable.Range(0, _models.Count)
        .Where(model => _ofModel[model].BaselineCalls > 0)
        .Select(model => new BaselineAssumption(_models[model], _ofModel[model].Tier, _ofModel[model].BaselineCalls))
        .OrderByDescending(baseline => baseline.Calls)
        .ThenBy(baseline => baseline.Model, StringComparer.Ordinal)
        .ToList();

    public void Dispose()
    {
        _calls.Dispose();
        _attempts.Dispose();
    }
}
