namespace Rung.Dashboard.Access;

/// <summary>Who may come in.</summary>
public sealed record DashboardAccess
{
    /// <summary>Whether the gateway has keys of its own. Without any, only this machine may look, and everybody on it may act.</summary>
    public bool KeysRequired { get; init; }
    /// <summary>Whether a text is one of the gateway's keys.</summary>
    public Func<string, bool> IsKey { get; init; } = _ => false;
    /// <summary>Who may act.</summary>
    public Operators Operators { get; init; } = Operators.None;
    /// <summary>Whether the name in a Host header is one of this machine's.</summary>
    public required Func<string, bool> IsLocalHost { get; init; }

    /// <summary>Whether people have to sign in.</summary>
    public bool SignInRequired => KeysRequired || Operators.Any;
}

