namespace Rung.Replay;

/// <summary>What a replay measures and a gate may hold.</summary>
internal enum ReplayMetric : byte
{
    /// <summary>What the calls cost, US dollars.</summary>
    Cost = 0,
    /// <summary>Mean grade of the answers, or mean verdict of logged traffic, 0 to 1.</summary>
    Accuracy = 1,
    /// <summary>Share of the cost at the reference model that is not spent; negative when more is.</summary>
    Saving = 2,
    /// <summary>Share of the calls that climbed at least once.</summary>
    Climbs = 3,
    /// <summary>Share of the calls that ended without an answer.</summary>
    Errors = 4,
}
