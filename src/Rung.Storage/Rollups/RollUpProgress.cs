namespace Rung.Storage.Rollups;

/// <summary>What one step of rolling up did.</summary>
/// <param name="Done">Calls and verdicts that are in the roll-ups now.</param>
/// <param name="Pending">Calls and verdicts that were appended and still wait; those of <paramref name="MissingBefore"/> are not counted.</param>
/// <param name="MissingBefore">Calls whose id was made before this instant wait, too: an older ledger is being rolled up, the newest calls first; null: none.</param>
public readonly record struct RollUpProgress(long Done, long Pending, DateTimeOffset? MissingBefore)
{
    /// <summary>Whether nothing waits.</summary>
    public bool IsComplete => Pending == 0 && MissingBefore is null;
}
