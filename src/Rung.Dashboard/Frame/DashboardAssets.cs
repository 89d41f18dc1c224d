using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rung.Dashboard.Frame;

/// <summary>Style sheets, scripts and the icon: embedded in the program, served by it, kept by browsers for as long as their content is the same.</summary>
internal static class DashboardAssets
{
    private const string Prefix = "assets/";
    private static readonly FrozenDictionary<string, Asset> s_assets = ReadAll();

    /// <summary>Style sheets of every page, in order. A page's own ones stand behind the frame's.</summary>
    public static readonly IReadOnlyList<string> Sheets = [.. new[] { "uplot.css", "dashboard.css" }.Concat(OwnOf(".css")).Where(s_assets.ContainsKey)];

    /// <summary>Libraries, which are loaded before the modules.</summary>
    public static readonly IReadOnlyList<string> Libraries = [.. new[] { "htmx.js", "uplot.js" }.Where(s_assets.ContainsKey)];

    /// <summary>The program's own scripts.</summary>
    public static readonly IReadOnlyList<string> Modules = [.. new[] { "dashboard.js" }.Concat(OwnOf(".js"))];

    /// <summary>Whether the libraries were there when the program was built.</summary>
    public static bool HasLibraries => Libraries.Count == 2;

    /// <summary>Where an asset is served, with a mark of its content.</summary>
    public static string Url(string name) => s_assets.TryGetValue(name, out var asset) ? $"/assets/{name}?v={asset.Mark}" : $"/assets/{name}";

    public static void Map(IEndpointRouteBuilder app) => app.MapMethods("/assets/{name}", ["GET", "HEAD"], async (string name, HttpContext http) =>
    {
        PageHeaders.Set(http.Response);
        if (!s_assets.TryGetValue(name, out var asset))
        {
            http.Response.StatusCode = 404;
            return;
        }
        http.Response.Headers.CacheControl = http.Request.Query["v"] == asset.Mark ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.ContentType = asset.Type;
        http.Response.ContentLength = asset.Bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(asset.Bytes, http.RequestAborted);
    });

    // Files of single pages: Assets/<page>.css and Assets/<page>.js, in the order of their names.
    private static IEnumerable<string> OwnOf(string ending) => s_assets.Keys
        .Where(name => name.EndsWith(ending, StringComparison.Ordinal) && name is not ("uplot.css" or "dashboard.css" or "htmx.js" or "uplot.js" or "dashboard.js")).Order(StringComparer.Ordinal);

    private static FrozenDictionary<string, Asset> ReadAll()
    {
        var assembly = typeof(DashboardAssets).Assembly;
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[Prefix.Length..];
            assets[name] = new Asset(bytes, TypeOf(name), Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]);
        }
        return assets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8", ".js" => "text/javascript; charset=utf-8", ".svg" => "image/svg+xml", _ => "application/octet-stream",
    };

    private sealed record Asset(byte[] Bytes, string Type, string Mark);
}
