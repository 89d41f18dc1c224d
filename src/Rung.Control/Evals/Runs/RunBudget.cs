namespace Rung.Control.Evals.Runs;

/// <summary>What has been spent and what is promised to questions under way. Used by one thread at a time.</summary>
internal sealed class RunBudget(long? most, long spent)
{
    private long _promised;

    /// <summary>Known cost so far, in nano-USD.</summary>
    public long Spent { get; private set; } = spent;

    /// <summary>Sets money aside for a question.</summary>
    /// <returns>False when it could go over the cap.</returns>
    public bool TryPromise(long estimate)
    {
        if (most is { } cap && Spent + _promised + estimate > cap) return false;
        _promised += estimate;
        return true;
    }

    /// <summary>Books what a question cost, in place of what was set aside for it.</summary>
    public void Settle(long estimate, long cost)
    {
        _promised -= estimate;
        Spent += cost;
    }
}
