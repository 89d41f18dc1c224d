namespace Rung.Control.Overview;

/// <summary>What a mark on a time axis stands for.</summary>
public enum MarkKind : byte
{
    /// <summary>Another policy came into force.</summary>
    Revision = 0,
    /// <summary>A rollout began, moved on or ended.</summary>
    Rollout = 1,
    /// <summary>An alert began to fire, became worse, or ended.</summary>
    Alert = 2,
    /// <summary>The control loop moved a route, or would have.</summary>
    ControlAction = 3,
    /// <summary>The likely instant at which something that is watched for drift changed.</summary>
    ChangePoint = 4,
}

/// <summary>Something that happened at an instant, to be drawn on time axes.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Text">What, in a few words.</param>
/// <param name="Tag">The tag that it is about; null: it may concern any.</param>
/// <param name="Url">The page that says more.</param>
public sealed record TimelineMark(DateTimeOffset At, MarkKind Kind, string Text, string? Tag, string Url);
