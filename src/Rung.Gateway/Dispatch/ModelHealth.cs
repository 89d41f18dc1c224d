namespace Rung.Gateway.Dispatch;

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

    /// <summary>Notes that an attempt starts. For an open circuit it is the probe.</summary>
    public void Started()
    {
        Interlocked.Increment(ref outstanding);
        if (IsOpen) Interlocked.Exchange(ref probing, 1);
    }

    /// <summary>Notes that an attempt ended with an answer, or with a refusal that says the model is alive.</summary>
    public void Succeeded()
    {
        Ended();
        if (Volatile.Read(ref failuresInARow) != 0) Volatile.Write(ref failuresInARow, 0);
        if (!IsOpen) return;
        Volatile.Write(ref closedUntil, 0);
        Volatile.Write(ref timesOpened, 0);
    }

    /// <summary>Notes that an attempt ended without saying anything about the model: the client left.</summary>
    public void Abandoned() => Ended();

    /// <summary>Notes that the model failed.</summary>
    /// <returns>True when this failure opened the circuit.</returns>
    public bool Failed()
    {
        Ended();
        var wasOpen = IsOpen;
        if (Interlocked.Increment(ref failuresInARow) < FailuresToOpen && !wasOpen) return false;
        var pause = FirstPause * Math.Pow(2, Math.Min(Interlocked.Increment(ref timesOpened) - 1, 10));
        Volatile.Write(ref closedUntil, After(pause < LongestPause ? pause : LongestPause));
        return !wasOpen;
    }

    /// <summary>Notes that the model asked to be left alone (429 or 503 with Retry-After).</summary>
    public void AskedToRest(TimeSpan rest)
    {
        Ended();
        Volatile.Write(ref restsUntil, After(rest < LongestRest ? rest : LongestRest));
    }

    private void Ended()
    {
        Interlocked.Decrement(ref outstanding);
        Volatile.Write(ref probing, 0);
    }

    private long After(TimeSpan time) => clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
}
