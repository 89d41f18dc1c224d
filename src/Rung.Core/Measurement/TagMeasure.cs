using System.Runtime.InteropServices;

namespace Rung.Core.Measurement;

/// <summary>
/// What happened to some calls, as sums: those of two windows, or two machines, add up to those of both. It is <see cref="MeasureSums"/> and the sessions that it has seen, so that a session
/// which both know is one. Memory: about 260 bytes a session, its name included, and a few kilobytes. Not safe for several threads.
/// </summary>
public sealed class TagMeasure
{
    private readonly Dictionary<string, SessionSums> _sessions = new(StringComparer.Ordinal);
    private readonly MeasureSums _sums = new(); // Without the sessions, which still grow.

    /// <summary>Calls so far.</summary>
    public long Calls => _sums.Calls;

    /// <inheritdoc cref="MeasureSums.WeightOf"/>
    public static double WeightOf(QualitySignal signal) => MeasureSums.WeightOf(signal);

    /// <summary>Adds a call.</summary>
    public void Add(in ObservedCall call)
    {
        _sums.Add(call);
        if (call.Session is { } id) SessionOf(id).Add(call);
    }

    /// <summary>Adds a verdict on one of the calls.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="session">The session of its call; null when it has none.</param>
    public void Add(in ObservedVerdict verdict, string? session)
    {
        if (session is null)
        {
            _sums.Add(verdict);
            return;
        }
        if (verdict is { Signal: QualitySignal.Override, CallId: not null }) _sums.AddOverride();
        SessionOf(session).Add(verdict);
    }

    /// <summary>Adds all calls and verdicts of another measure. A session that both know is one session.</summary>
    public void Merge(TagMeasure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (id, theirs) in other._sessions) SessionOf(id).Merge(theirs);
        _sums.Merge(other._sums);
    }

    /// <summary>The numbers with their intervals.</summary>
    public MeasureReading Read() => ToSums().Read();

    /// <summary>What these calls saved against others of the same time that chance had put elsewhere; null when either has too few of known price.</summary>
    /// <param name="others">The others: of the holdback, or of the current policy.</param>
    /// <param name="basis">Which of the two they are.</param>
    public MeasuredSaving? SavingAgainst(TagMeasure others, SavingBasis basis)
    {
        ArgumentNullException.ThrowIfNull(others);
        return ToSums().SavingAgainst(others.ToSums(), basis);
    }

    /// <summary>The sums with every session as a unit: they can be stored, and merged with those of other sessions.</summary>
    public MeasureSums ToSums()
    {
        var sums = new MeasureSums();
        sums.Merge(_sums);
        foreach (var session in _sessions.Values) sums.Add(session);
        return sums;
    }

    private SessionSums SessionOf(string id) => CollectionsMarshal.GetValueRefOrAddDefault(_sessions, id, out _) ??= new SessionSums();
}
