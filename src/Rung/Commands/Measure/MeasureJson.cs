using Rung.Control.Measurement;
using Rung.Core.Measurement;
using Rung.Core.Statistics;

namespace Rung.Commands.Measure;

/// <summary>The JSON of <c>rung measure</c>: money in USD, times in milliseconds, shares and scores 0 to 1.</summary>
internal static class MeasureJson
{
    private const double Confidence = 0.95;

    public static object Of(IReadOnlyList<MeasureRow> rows, MeasureQuery query) => new
    {
        query.Since, query.Until, query.By, query.Tag, Confidence, Rows = rows.Select(row => Row(row, query)),
    };

    private static object Row(MeasureRow row, MeasureQuery query)
    {
        var reading = row.Reading;
        return new
        {
            row.Tag,
            Arm = query.By == MeasureGrouping.Arm ? row.Part : null, Tier = query.By == MeasureGrouping.Tier ? row.Part : null,
            Day = query.By == MeasureGrouping.Day ? row.Part : null, Hour = query.By == MeasureGrouping.Hour ? row.Part : null,
            reading.Calls, reading.Sessions, reading.First, reading.Last,
            Quality = Interval(reading.Quality, 1),
            Signals = reading.Signals.Select(signal => new { signal.Signal, Quality = Interval(signal.Mean, 1), signal.Items, signal.Units, signal.Weight }),
            CostUsd = Output.UsdNumber(reading.CostNanoUsd), reading.UnknownPriceCalls,
            CostPerCallUsd = Interval(reading.CostPerCall, 1e-9), CostPerSessionUsd = Interval(reading.CostPerSession, 1e-9),
            CheckFailure = Share(reading.CheckFailure), Failover = Share(reading.Failover), Escalation = Share(reading.Escalation), Error = Share(reading.Error), Override = Share(reading.Override),
            LatencyMs = Times(reading.Latency), FirstByteMs = Times(reading.FirstByte),
            BaselineUsd = Output.UsdNumber(reading.BaselineNanoUsd),
            Saving = row.Saving is { } saving
                ? new { saving.Basis, Share = Interval(saving.Share, 1), Usd = Interval(saving.NanoUsd, 1e-9), saving.Calls, ComparedWith = saving.Others } : null,
        };
    }

    private static object Share(MeasuredShare share) => new { share.Share?.Estimate, share.Share?.Low, share.Share?.High, share.Events, Of = share.Trials };

    private static object? Interval(Interval? interval, double unit) =>
        interval is { } known ? new { Estimate = known.Estimate * unit, Low = known.Low * unit, High = known.High * unit } : null;

    private static object? Times(MeasuredTimes? times) => times is { } known ? new { known.Count, P50 = known.P50 / 1e3, P95 = known.P95 / 1e3, P99 = known.P99 / 1e3 } : null;
}
