namespace Rung.Dashboard.Frame;

/// <summary>Addresses of this server and nothing else: what a redirect may lead to.</summary>
internal static class LocalUrl
{
    /// <summary>An address as it was given, when it is a path of this server; otherwise that of the first page.</summary>
    /// <remarks>
    /// Browsers take <c>//name</c> and <c>/\name</c> for another server, and drop tabs and line ends before they look (https://url.spec.whatwg.org/#concept-basic-url-parser). Letters beyond
    /// ASCII stand escaped in an address, and no header could carry them.
    /// </remarks>
    public static string Of(string? url) => url is ['/', ..] and not ['/', '/', ..] && url.All(letter => letter is > ' ' and < '\x7f' and not '\\') ? url : "/";
}
