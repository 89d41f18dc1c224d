using System.Text.Json;
using Rung.Core.Spans;

namespace Rung.Storage.Reports;

/// <summary>What one row adds up. Sums are 128 bits wide, so that no ledger overflows them.</summary>
/// <param name="key">The row's key.</param>
internal sealed class GroupSums(string? key)
{
    private readonly Dictionary<Enum, long> _failures = [];
    private Int128 _tokensIn, _tokensCached, _tokensOut, _cost, _baseline, _coveredBaseline, _coveredCost, _savedTokens, _savedMicros;
    private long _attempts, _escalations, _unknownPrices, _withBaseline, _withoutBaseline, _covered, _doomed, _doomedMeasured;

    public string? Key => key;
    public Int128 Cost => _cost;
    public long Calls { get; set; }
    public long Answered { get; set; }
    public long EscalatedCalls { get; set; }
    public long Errors { get; set; }

    /// <summary>Notes an ending other than a good one.</summary>
    public void AddFailure(Enum how) => _failures[how] = _failures.GetValueOrDefault(how) + 1;

    /// <summary>Adds an attempt's tokens and cost.</summary>
    public void AddAttempt(in AttemptRow attempt)
    {
        _attempts++;
        if (attempt.IsEscalation) _escalations++;
        _tokensIn += attempt.TokensIn;
        _tokensCached += attempt.TokensCached;
        _tokensOut += attempt.TokensOut;
        if (attempt.CostNanoUsd is { } cost) _cost += cost;
        else _unknownPrices++;
        if (attempt.Outcome != AttemptOutcome.Doomed) return;
        _doomed++;
        if (attempt.SavedTokens is null && attempt.SavedMicros is null) return;
        _doomedMeasured++;
        _savedTokens += attempt.SavedTokens ?? 0;
        _savedMicros += attempt.SavedMicros ?? 0;
    }

    /// <summary>Adds a call's baseline, and what the call cost beside it.</summary>
    /// <param name="baselineNanoUsd">The baseline; null when the call has none.</param>
    /// <param name="cost">Known cost of all its attempts.</param>
    /// <param name="priced">Whether the price of every attempt is known: else a saving would count the unknown as nothing.</param>
    public void AddBaseline(long? baselineNanoUsd, Int128 cost, bool priced)
    {
        if (baselineNanoUsd is not { } baseline)
        {
            _withoutBaseline++;
            return;
        }
        _withBaseline++;
        _baseline += baseline;
        if (!priced) return;
        _covered++;
        _coveredBaseline += baseline;
        _coveredCost += cost;
    }

    /// <summary>The row.</summary>
    public ReportRow ToRow((long P50, long P95)? latency, (long P50, long P95)? firstByte) => new()
    {
        Key = key,
        Calls = Calls,
        Answered = Answered,
        Attempts = _attempts,
        Escalations = _escalations,
        EscalatedCalls = EscalatedCalls,
        Errors = Errors,
        Failures = _failures.OrderBy(failure => failure.Key).ToDictionary(failure => Word(failure.Key), failure => failure.Value),
        TokensIn = Clamp(_tokensIn),
        TokensCached = Clamp(_tokensCached),
        TokensOut = Clamp(_tokensOut),
        CostNanoUsd = Clamp(_cost),
        UnknownPriceAttempts = _unknownPrices,
        DoomedAttempts = _doomed,
        DoomedMeasured = _doomedMeasured,
        SavedTokens = Clamp(_savedTokens),
        SavedMicros = Clamp(_savedMicros),
        BaselineNanoUsd = _withBaseline > 0 ? Clamp(_baseline) : null,
        CallsWithBaseline = _withBaseline,
        CallsWithoutBaseline = _withoutBaseline,
        SavingNanoUsd = _covered > 0 ? Clamp(_coveredBaseline - _coveredCost) : null,
        CallsInSaving = _covered,
        SavedShare = _coveredBaseline > 0 ? (double)(_coveredBaseline - _coveredCost) / (double)_coveredBaseline : null,
        LatencyP50Micros = latency?.P50,
        LatencyP95Micros = latency?.P95,
        FirstByteP50Micros = firstByte?.P50,
        FirstByteP95Micros = firstByte?.P95,
    };

    private static long Clamp(Int128 sum) => (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);

    private static string Word(Enum code) => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());
}
