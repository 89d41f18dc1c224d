namespace Rung.Core.Alerts;

/// <summary>What happened to an alert. Stored by number: add, never renumber.</summary>
public enum AlertChange : byte
{
    /// <summary>It was seen for the first time, and must hold for a while before it fires.</summary>
    Began = 0,
    /// <summary>It fires.</summary>
    Fired = 1,
    /// <summary>It fires, and matters more than before.</summary>
    Worsened = 2,
    /// <summary>It still fires: a reminder, or the first message after a silence.</summary>
    Reminded = 3,
    /// <summary>It has fired, and is over.</summary>
    Resolved = 4,
    /// <summary>It was over before it fired.</summary>
    Withdrawn = 5,
}

/// <summary>A change of an alert.</summary>
/// <param name="Change">What happened.</param>
/// <param name="Alert">The alert, as it is after it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="IsTold">Whether somebody is to be told of it: not of what is pending or silenced, nor of the end of what nobody was told.</param>
public sealed record AlertTransition(AlertChange Change, Alert Alert, DateTimeOffset At, bool IsTold);
