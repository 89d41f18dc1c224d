namespace Rung.Gateway.Shadows;

/// <summary>Limits of the copies that the candidate of a rollout answers.</summary>
public sealed class ShadowOptions
{
    /// <summary>Most copies waiting. A full queue drops the newest and counts it; it never blocks a call.</summary>
    public int QueueCapacity { get; init; } = 256;
    /// <summary>Most bytes that all waiting copies hold together.</summary>
    public long QueueBytes { get; init; } = 32 * 1024 * 1024;
    /// <summary>Copies asked and judged at the same time: what they may take of the models' capacity.</summary>
    public int AtOnce { get; init; } = 2;
    /// <summary>Largest request or answer that is copied, bytes of text; a stream's events may take 32 times as many.</summary>
    public int MostBytes { get; init; } = 256 * 1024;
}
