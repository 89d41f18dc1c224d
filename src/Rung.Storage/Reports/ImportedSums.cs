namespace Rung.Storage.Reports;

/// <summary>What one row of a report on imported calls adds up. Sums are 128 bits wide, so that no ledger overflows them.</summary>
/// <param name="key">The row's key.</param>
internal sealed class ImportedSums(string? key)
{
    // The codes of a row's status.
    private const long Answered = 1;
    private const long Failed = 2;
    private const long FromCache = 3;

    private Int128 _calls, _answered, _errors, _notTold, _tokensIn, _tokensCached, _tokensOut, _cost, _unknownPrices, _reported, _reportedCalls;

    public string? Key => key;
    public Int128 Cost => _cost;
    public Int128 Calls => _calls;

    /// <summary>Adds one row of the ledger.</summary>
    public void Add(in ImportedRow row)
    {
        _calls += row.Requests;
        switch (row.Status)
        {
            case Answered or FromCache: _answered += row.Requests; break;
            case Failed: _errors += row.Requests; break;
            default: _notTold += row.Requests; break;
        }
        _tokensIn += row.TokensIn;
        _tokensCached += row.TokensCached;
        _tokensOut += row.TokensOut;
        if (row.CostNanoUsd is { } cost) _cost += cost;
        else _unknownPrices += row.Requests;
        if (row.ReportedCostNanoUsd is not { } reported) return;
        _reported += reported;
        _reportedCalls += row.Requests;
    }

    /// <summary>The row.</summary>
    public ImportedReportRow ToRow((long P50, long P95)? latency, (long P50, long P95)? firstByte) => new()
    {
        Key = key,
        Calls = Clamp(_calls),
        Answered = Clamp(_answered),
        Errors = Clamp(_errors),
        EndNotTold = Clamp(_notTold),
        TokensIn = Clamp(_tokensIn),
        TokensCached = Clamp(_tokensCached),
        TokensOut = Clamp(_tokensOut),
        CostNanoUsd = Clamp(_cost),
        UnknownPriceCalls = Clamp(_unknownPrices),
        ReportedCostNanoUsd = Clamp(_reported),
        ReportedCalls = Clamp(_reportedCalls),
        LatencyP50Micros = latency?.P50,
        LatencyP95Micros = latency?.P95,
        FirstByteP50Micros = firstByte?.P50,
        FirstByteP95Micros = firstByte?.P95,
    };

    private static long Clamp(Int128 sum) => (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
}

/// <summary>What a report needs of one imported row.</summary>
internal readonly record struct ImportedRow(
    long Requests, long Status, long TokensIn, long TokensCached, long TokensOut, long? CostNanoUsd, long? ReportedCostNanoUsd);
