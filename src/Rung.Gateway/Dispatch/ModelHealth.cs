namespace Rung.Gateway.Dispatch;

/// <summary>How an attempt was let through.</summary>
internal enum Passage : byte
{
    /// <summary>The circuit was closed.</summary>
    Usual,
    /// <summary>The circuit was open and its pause over: this attempt tries whether the model is back.</summary>
    Probe,
}

/// <summary>
/// What the gateway has lately seen of one model: how many attempts are under way, whether its circuit is open, and how long it asked to
/// be left alone. Written by any call, read by every choice; survives a policy swap.
/// </summary>
internal sealed class ModelHealth(TimeProvider clock)
{
    /// <summary>Failures in a row that open the circuit.</summary>
    public const int FailuresToOpen = 5;

    /// <summary>How long a circuit stays open at first; doubles with each failed probe.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause of an open circuit.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>Longest rest that a Retry-After can ask for.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    private readonly Lock opening = new();
    private int outstanding;
    private int failuresInARow;
    private int timesOpened;
    private int probing;
    private long closedUntil; // Timestamp before which only a probe may pass; 0 when the circuit is closed.
    private long restsUntil; // Timestamp before which the model asked to be left alone; 0 for none.

    public int Outstanding => Volatile.Read(ref outstanding);

    public bool IsOpen => Volatile.Read(ref closedUntil) != 0;

    /// <summary>Whether an attempt may start now. An open circuit lets one probe pass once its pause is over.</summary>
    public bool MayTry()
    {
        var rest = Volatile.Read(ref restsUntil);
        var closed = Volatile.Read(ref closedUntil);
        if (rest == 0 && closed == 0) return true;
        var now = clock.GetTimestamp();
        return now >= rest && (closed == 0 || now >= closed && Volatile.Read(ref probing) == 0);
    }

    /// <summary>How long until an attempt may start; zero for now.</summary>
    public TimeSpan UntilTry()
    {
        var until = Math.Max(Volatile.Read(ref restsUntil), Volatile.Read(ref closedUntil));
        var now = clock.GetTimestamp();
        return until <= now ? TimeSpan.Zero : clock.GetElapsedTime(now, until);
    }

    /// <summary>How long the model still asked to be left alone; zero for not at all.</summary>
    public TimeSpan RestLeft()
    {
        var until = Volatile.Read(ref restsUntil);
        var now = clock.GetTimestamp();
        return until <= now ? TimeSpan.Zero : clock.GetElapsedTime(now, until);
    }

    /// <summary>Starts an attempt, if one may start now. Of an open circuit whose pause is over, one caller alone gets the probe.</summary>
    /// <returns>What to hand back when the attempt ends; null when none may start.</returns>
    public Passage? TryStart()
    {
        if (!MayTry()) return null;
        var probe = IsOpen;
        if (probe && Interlocked.CompareExchange(ref probing, 1, 0) != 0) return null;
        Interlocked.Increment(ref outstanding);
        return probe ? Passage.Probe : Passage.Usual;
    }

    /// <summary>Notes that an attempt ended with an answer, or with a refusal that says the model is alive.</summary>
    public void Succeeded(Passage passage)
    {
        if (Volatile.Read(ref failuresInARow) != 0) Volatile.Write(ref failuresInARow, 0);
        if (IsOpen)
        {
            Volatile.Write(ref closedUntil, 0);
            Volatile.Write(ref timesOpened, 0);
        }
        Ended(passage);
    }

    /// <summary>Notes that an attempt ended without saying anything about the model: the client left.</summary>
    public void Abandoned(Passage passage) => Ended(passage);

    /// <summary>Notes that the model failed.</summary>
    /// <returns>True when this failure opened the circuit.</returns>
    public bool Failed(Passage passage)
    {
        var opened = false;
        // Attempts that were under way when the circuit opened tell nothing new: only the fifth failure and a failed probe set a pause.
        if (Interlocked.Increment(ref failuresInARow) >= FailuresToOpen)
        {
            lock (opening) // Failures that end together open the circuit once.
            {
                if (passage == Passage.Probe || !IsOpen)
                {
                    opened = !IsOpen;
                    var pause = FirstPause * Math.Pow(2, Math.Min(Interlocked.Increment(ref timesOpened) - 1, 10));
                    Volatile.Write(ref closedUntil, After(pause < LongestPause ? pause : LongestPause));
                }
            }
        }
        Ended(passage);
        return opened;
    }

    /// <summary>Notes that the model asked to be left alone (429, or 503 with Retry-After). The attempt's end is noted beside it.</summary>
    public void AskedToRest(TimeSpan rest) => Volatile.Write(ref restsUntil, After(rest < LongestRest ? rest : LongestRest));

    private void Ended(Passage passage)
    {
        Interlocked.Decrement(ref outstanding);
        if (passage == Passage.Probe) Volatile.Write(ref probing, 0);
    }

    private long After(TimeSpan time) => clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
}
