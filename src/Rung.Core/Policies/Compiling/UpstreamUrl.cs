namespace Rung.Core.Policies.Compiling;

/// <summary>Reads the base URL of an upstream. Its text is never echoed: it may hold credentials by mistake.</summary>
internal static class UpstreamUrl
{
    /// <summary>Reads.</summary>
    /// <param name="text">The URL as written.</param>
    /// <param name="message">What is wrong when the result is null.</param>
    /// <param name="fix">What to do about it.</param>
    public static Uri? Read(string text, out string message, out string fix)
    {
        (message, fix) = ("", "");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
            (message, fix) = ("The URL is not an absolute http or https address.", "Write it in full, for example https://api.openai.com/v1.");
        else if (url.UserInfo.Length > 0)
            (message, fix) = ("The URL carries a user name or password.", "Take it out and use key: { env: NAME }. If it was real, replace it at the provider.");
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
            (message, fix) = ("The URL carries a query or a fragment.", "Keep only the base address; use api_version for Azure and key for the key.");
        else if (url.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.Ordinal))
            (message, fix) = ("The URL ends in /chat/completions, which Rung adds itself.", "Write the base URL only, for example https://api.openai.com/v1.");
        else
            return Trimmed(url);
        return null;
    }

    /// <summary>Reads the address of an endpoint that is called as it is.</summary>
    /// <inheritdoc cref="Read"/>
    public static Uri? ReadEndpoint(string text, out string message, out string fix)
    {
        (message, fix) = ("", "");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
            (message, fix) = ("The URL is not an absolute http or https address.", "Write it in full, for example http://127.0.0.1:8085/predict.");
        else if (url.UserInfo.Length > 0)
            (message, fix) = ("The URL carries a user name or password.", "Take it out and use key: { env: NAME }. If it was real, replace it.");
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
            (message, fix) = ("The URL carries a query or a fragment.", "Keep only the address; what is asked belongs into body, a key into key.");
        else
            return url;
        return null;
    }

    private static Uri Trimmed(Uri url)
    {
        var text = url.AbsoluteUri;
        return text.EndsWith('/') ? new Uri(text.TrimEnd('/'), UriKind.Absolute) : url;
    }
}
