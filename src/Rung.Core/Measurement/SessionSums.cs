using System.Runtime.CompilerServices;

namespace Rung.Core.Measurement;

/// <summary>
/// What the calls of one session and one tag came to. Measures hold the squares of these sums, so that a session which grows must be taken out as it was and put in as it is
/// (<see cref="MeasureSums.Remove"/>, <see cref="MeasureSums.Add(SessionSums)"/>). About 150 bytes. Not safe for several threads.
/// </summary>
public sealed class SessionSums
{
    private SignalNumbers _scores, _counts;
    private long _first = long.MaxValue, _last = long.MinValue; // Ticks, UTC.

    /// <summary>Calls.</summary>
    public long Calls { get; private set; }

    /// <summary>Begin of the first call, UTC: the session began then.</summary>
    public DateTimeOffset First => new(_first, TimeSpan.Zero);

    /// <summary>Begin of the last call, UTC.</summary>
    public DateTimeOffset Last => new(_last, TimeSpan.Zero);

    /// <summary>Cost of the calls whose price is known, nano-USD.</summary>
    internal long Cost { get; private set; }
    /// <summary>How many those are.</summary>
    internal long Priced { get; private set; }
    /// <summary>Cost of those that have a baseline too.</summary>
    internal long Paired { get; private set; }
    /// <summary>Their baseline.</summary>
    internal long Baseline { get; private set; }
    /// <summary>Overrides of the session as a whole.</summary>
    internal long Overridden { get; private set; }

    /// <summary>Adds a call of it.</summary>
    public void Add(in ObservedCall call)
    {
        Calls++;
        _first = Math.Min(_first, call.At.UtcTicks);
        _last = Math.Max(_last, call.At.UtcTicks);
        if (call.CostNanoUsd is { } cost)
        {
            Cost += cost;
            Priced++;
            if (call.BaselineNanoUsd is { } baseline) (Paired, Baseline) = (Paired + cost, Baseline + baseline);
        }
        // What checks and verifiers say comes with the call itself.
        if (call.Failed) return;
        if (call.Checked) AddScore(QualitySignal.Check, call.Unverified ? 0 : 1);
        if (call.VerifierScore is { } score) AddScore(QualitySignal.Verifier, score);
    }

    /// <summary>Adds a verdict on it, or on one of its calls. An override of a call is counted where the call is (<see cref="MeasureSums.AddOverride"/>), one of the session here.</summary>
    public void Add(in ObservedVerdict verdict)
    {
        if (verdict is { Signal: QualitySignal.Override, CallId: null }) Overridden++;
        AddScore(verdict.Signal, verdict.Score);
    }

    /// <summary>Adds what another measure knows of the same session.</summary>
    public void Merge(SessionSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (Calls, Cost, Priced, Paired, Baseline) = (Calls + other.Calls, Cost + other.Cost, Priced + other.Priced, Paired + other.Paired, Baseline + other.Baseline);
        (_first, _last, Overridden) = (Math.Min(_first, other._first), Math.Max(_last, other._last), Overridden + other.Overridden);
        for (var i = 0; i < SignalNumbers.Length; i++) (_scores[i], _counts[i]) = (_scores[i] + other._scores[i], _counts[i] + other._counts[i]);
    }

    /// <summary>A copy that does not change with it.</summary>
    public SessionSums Copy() => (SessionSums)MemberwiseClone();

    /// <summary>The sums as bytes, about 30.</summary>
    public byte[] ToBytes()
    {
        var numbers = new NumberWriter(64);
        foreach (var number in (ReadOnlySpan<long>)[Calls, _first, _last - _first, Cost, Priced, Paired, Baseline, Overridden]) numbers.Write(number);
        for (var i = 0; i < SignalNumbers.Length; i++)
        {
            numbers.Write(_counts[i]);
            if (_counts[i] != 0) numbers.Write(_scores[i]);
        }
        return numbers.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are cut short.</exception>
    public static SessionSums FromBytes(ReadOnlySpan<byte> bytes)
    {
        var numbers = new NumberReader(bytes);
        var sums = new SessionSums { Calls = numbers.Next(), _first = numbers.Next() };
        sums._last = sums._first + numbers.Next();
        (sums.Cost, sums.Priced, sums.Paired, sums.Baseline, sums.Overridden) = (numbers.Next(), numbers.Next(), numbers.Next(), numbers.Next(), numbers.Next());
        for (var i = 0; i < SignalNumbers.Length; i++)
        {
            sums._counts[i] = numbers.Next();
            if (sums._counts[i] != 0) sums._scores[i] = numbers.Next();
        }
        return sums;
    }

    /// <summary>Sum of the scores that a signal gave, and how many; scores in billionths.</summary>
    internal (long Score, long Count) Of(int signal) => (_scores[signal], _counts[signal]);

    private void AddScore(QualitySignal signal, double score)
    {
        _scores[(int)signal - 1] += MeasureSums.Billionths(score);
        _counts[(int)signal - 1]++;
    }

    [InlineArray(Length)]
    private struct SignalNumbers
    {
        public const int Length = 5;

#pragma warning disable IDE0044, IDE0051 // The field is the array's first element.
        private long _first;
#pragma warning restore IDE0044, IDE0051
    }
}
