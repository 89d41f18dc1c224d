using Microsoft.AspNetCore.Http;
using Rung.Control.Measurement;
using Rung.Core.Policies;
using Rung.Dashboard.Access;
using Rung.Storage;

namespace Rung.Dashboard.Frame;

/// <summary>One request for a page: who asks, for what, at which time.</summary>
public sealed class PageRequest
{
    private readonly DoorKeeper door;

    internal PageRequest(HttpContext http, DashboardWorld world, Viewer viewer, DoorKeeper door)
    {
        (Http, World, Viewer, this.door) = (http, world, viewer, door);
        Now = world.Clock.GetUtcNow();
        Policy = world.Policy();
    }

    /// <summary>The HTTP request. Pages use it for uploads only.</summary>
    public HttpContext Http { get; }
    /// <summary>What pages may know.</summary>
    public DashboardWorld World { get; }
    /// <summary>Who asks.</summary>
    public Viewer Viewer { get; }
    /// <summary>When, UTC: one instant for the whole page.</summary>
    public DateTimeOffset Now { get; }
    /// <summary>The policy in force: one for the whole page.</summary>
    public PolicySnapshot Policy { get; }
    /// <summary>The ledger.</summary>
    public Ledger Ledger => World.Ledger;
    /// <summary>Ends when the reader has gone.</summary>
    public CancellationToken Cancellation => Http.RequestAborted;
    /// <summary>The fields of a form; empty for a page that is only looked at.</summary>
    public IFormCollection Form { get; internal set; } = FormCollection.Empty;
    /// <summary>What an act says once on the page after it; null: nothing.</summary>
    public PageNotice? Notice { get; internal set; }
    /// <summary>Path and query of this page, as a link.</summary>
    public string Here => Http.Request.PathBase + Http.Request.Path + Http.Request.QueryString;
    /// <summary>Path of this page.</summary>
    public string Path => Http.Request.Path.Value ?? "/";
    /// <summary>What forms carry against forged requests.</summary>
    internal string Token => door.TokenFor(Viewer);
    /// <summary>Whether people sign in here at all.</summary>
    internal bool SignsIn => door.Access.SignInRequired;

    /// <summary>A parameter of the URL; null when it is missing or empty. The first, when it is there several times.</summary>
    public string? Query(string name) => Http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>All values of a parameter of the URL, without empty ones.</summary>
    public IReadOnlyList<string> QueryAll(string name) => [.. Http.Request.Query[name].OfType<string>().Where(value => value.Length > 0)];

    /// <summary>The time that the URL asks for: <c>period</c>, or <c>from</c> and <c>to</c>, and <c>compare</c>.</summary>
    /// <param name="usual">The span where the URL names none.</param>
    /// <exception cref="BadHttpRequestException">The URL's period is none; shown as a page that says what would be right.</exception>
    public Period Period(string usual = "24h") =>
        Rung.Control.Measurement.Period.TryParse(Query("period"), Query("from"), Query("to"), Query("compare"), Now, out var period, out var fault, usual)
            ? period : throw new BadHttpRequestException(fault, StatusCodes.Status400BadRequest);

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string?)Http.Request.RouteValues[name] ?? "";

    /// <summary>A field of the form, trimmed; null when it is missing or empty.</summary>
    public string? Field(string name) => Form[name] is [{ } value, ..] && value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A link to this page with parameters of its URL changed; null takes one out.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        foreach (var (name, values) in Http.Request.Query)
        {
            var changed = name == NoticeBoard.Parameter;
            foreach (var change in changes) changed |= change.Name == name;
            if (!changed) pairs.AddRange(values.Where(value => !string.IsNullOrEmpty(value)).Select(value => KeyValuePair.Create(name, value)));
        }
        foreach (var (name, value) in changes)
        {
            if (value is not null) pairs.Add(KeyValuePair.Create(name, (string?)value));
        }
        return Path + QueryString.Create(pairs);
    }
}

/// <summary>What is said once after an act.</summary>
/// <param name="Words">The words.</param>
/// <param name="IsError">Whether it did not happen.</param>
public sealed record PageNotice(string Words, bool IsError);
