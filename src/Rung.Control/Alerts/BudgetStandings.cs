using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Steering;
using Rung.Storage;

namespace Rung.Control.Alerts;

/// <summary>Where spending stands to budgets, from the calls of the ledger: what the control loop knows, read anew.</summary>
public static class BudgetStandings
{
    /// <summary>How far back calls are read: the longest period, which is also what the forecast learns from.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(31);

    /// <summary>Reads them. One pass over the calls of the history, in bounded memory.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="budgets">The budgets.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="progress">Told how many calls were read, every 50,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public static async Task<ImmutableArray<BudgetReading>> ReadAsync(Ledger ledger, ImmutableArray<Budget> budgets, DateTimeOffset now, Action<long> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(progress);
        var paces = await MeasureAsync(ledger, budgets, now, progress, cancellationToken);
        return [.. paces.Select(pace => pace.Read(now))];
    }

    /// <summary>Budgets with everything that had ended by an instant: what comes after it can be added to them.</summary>
    internal static async Task<ImmutableArray<BudgetPace>> MeasureAsync(Ledger ledger, ImmutableArray<Budget> budgets, DateTimeOffset endedBy, Action<long> progress, CancellationToken cancellationToken)
    {
        ImmutableArray<BudgetPace> paces = [.. budgets.Select(budget => new BudgetPace(budget))];
        if (paces.IsEmpty) return [];
        var read = 0L;
        await foreach (var call in ledger.ReadAsync(new CallQuery { Since = endedBy - History, Until = endedBy }, cancellationToken))
        {
            if (call.StartedAt + TimeSpan.FromMicroseconds(call.LatencyMicros) > endedBy) continue;
            var observed = ObservedCalls.Of(call, unit: null);
            foreach (var pace in paces)
            {
                if (pace.Covers(observed.Tag)) pace.Add(observed.At, observed.CostNanoUsd);
            }
            if (++read % 50_000 == 0) progress(read);
        }
        return paces;
    }

    /// <summary>Whether somebody should look: the budget is spent, or will be although chance is allowed for.</summary>
    public static bool IsInDanger(BudgetReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return reading.SpentNanoUsd > reading.Budget.NanoUsd || reading.Forecast is { } forecast && forecast.Low > reading.Budget.NanoUsd;
    }
}
