using Microsoft.AspNetCore.Components;

namespace Rung.Dashboard.Frame;

/// <summary>What a page answers: a component to be shown inside the frame.</summary>
public sealed record PageReply
{
    /// <summary>HTTP status.</summary>
    public int Status { get; init; } = 200;
    /// <summary>Title, also the page's heading in the browser's history.</summary>
    public required string Title { get; init; }
    /// <summary>The component.</summary>
    public required Type Component { get; init; }
    /// <summary>Its parameters by name. <c>Page</c> is added.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Shows a component.</summary>
    /// <param name="title">Title of the page.</param>
    /// <param name="parameters">Parameters of the component besides <c>Page</c>.</param>
    public static PageReply Show<TComponent>(string title, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TComponent : IComponent
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters) named[name] = value;
        return new PageReply { Title = title, Component = typeof(TComponent), Parameters = named };
    }

    /// <summary>There is nothing of that name.</summary>
    /// <param name="words">What is missing, and where to look.</param>
    public static PageReply NotFound(string words) => Trouble(404, "Not found", words);

    /// <summary>The URL asks for what cannot be.</summary>
    /// <param name="words">What is wrong, and what would be right.</param>
    public static PageReply Bad(string words) => Trouble(400, "This address does not work", words);

    /// <summary>Not for this viewer.</summary>
    /// <param name="words">What is missing.</param>
    public static PageReply Forbidden(string words) => Trouble(403, "Not for you", words);

    internal static PageReply Trouble(int status, string title, string words) => Show<TroublePage>(title, ("Words", words), ("Heading", title)) with { Status = status };
}

/// <summary>What an act answers: where to go on, and what to say there.</summary>
public sealed record ActReply
{
    private ActReply(string url, PageNotice? notice) => (Url, Notice) = (url, notice);

    /// <summary>The page to go on with: a path of this server.</summary>
    public string Url { get; }
    /// <summary>What is said there once.</summary>
    public PageNotice? Notice { get; }

    /// <summary>It happened.</summary>
    /// <param name="url">The page to go on with.</param>
    /// <param name="notice">What happened; null: the page says enough.</param>
    public static ActReply Back(string url, string? notice = null) => new(url, notice is null ? null : new PageNotice(notice, IsError: false));

    /// <summary>It did not happen.</summary>
    /// <param name="url">The page to go on with.</param>
    /// <param name="words">Why not, and what would help.</param>
    public static ActReply Refuse(string url, string words) => new(url, new PageNotice(words, IsError: true));
}
