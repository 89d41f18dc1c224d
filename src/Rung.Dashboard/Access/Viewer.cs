namespace Rung.Dashboard.Access;

/// <summary>How somebody came in.</summary>
public enum ViewerKind : byte
{
    /// <summary>From this machine, at a gateway without keys.</summary>
    Local = 1,
    /// <summary>With one of the gateway's keys: looks, and no more.</summary>
    Key = 2,
    /// <summary>With an operator's token.</summary>
    Operator = 3,
}

/// <summary>Who looks at a page, and what they may do.</summary>
/// <param name="Kind">How they came in.</param>
/// <param name="Name">The operator's name; null for others.</param>
/// <param name="Session">Id of the browser's session; null for a request that brought its token in a header.</param>
/// <param name="Expires">When the session ends, UTC.</param>
public sealed record Viewer(ViewerKind Kind, string? Name, string? Session, DateTimeOffset Expires)
{
    /// <summary>Whether they may change something.</summary>
    public bool MayAct => Kind is ViewerKind.Local or ViewerKind.Operator;

    /// <summary>Whether they may read captured prompts and answers.</summary>
    public bool MayReadContent => Kind is ViewerKind.Local or ViewerKind.Operator;

    /// <summary>The name that their acts are booked under.</summary>
    public string Author => Name ?? "dashboard";

    /// <summary>Why they may not act, and what would change that; null when they may.</summary>
    public string? WhyNot => MayAct ? null : "You look at this page with a gateway key, which may not change anything. Sign in with an operator's token (RUNG_OPERATORS).";
}
