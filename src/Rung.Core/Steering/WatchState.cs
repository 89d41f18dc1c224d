namespace Rung.Core.Steering;

/// <summary>Where something stands to its limit.</summary>
public enum WatchState : byte
{
    /// <summary>Not enough data, or it cannot be said either way.</summary>
    Unknown = 0,
    /// <summary>The whole interval is on the good side.</summary>
    Met = 1,
    /// <summary>The evidence that it is on the bad side is so strong that chance alone takes a million observations for it.</summary>
    Broken = 2,
}
