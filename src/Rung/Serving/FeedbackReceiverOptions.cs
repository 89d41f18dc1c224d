using Rung.Control.Feedback;

namespace Rung.Serving;

/// <summary>How <c>POST /rung/feedback</c> is served, and its limits: what does not fit is refused with a wait.</summary>
internal sealed record FeedbackReceiverOptions
{
    /// <summary>The environment variable with the origins of <see cref="Origins"/>.</summary>
    public const string OriginsVariable = "RUNG_FEEDBACK_ORIGINS";

    /// <summary>Origins of pages that may send feedback from a browser, as browsers write them: <c>https://app.example.com</c>.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
    /// <summary>Tokens; null: they are off.</summary>
    public FeedbackTokens? Tokens { get; init; }
    /// <summary>How long comments are kept of calls whose own content is not; null: not at all.</summary>
    public TimeSpan? KeepComments { get; init; }
    /// <summary>Largest body in bytes.</summary>
    public int BodyBytes { get; init; } = 512 * 1024;
    /// <summary>How long a body may take to come.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>Bodies that one token may send at once, and as many again in <see cref="TokenRefill"/>.</summary>
    public int TokenBurst { get; init; } = 20;
    /// <summary>In what time a token's allowance is full again.</summary>
    public TimeSpan TokenRefill { get; init; } = TimeSpan.FromMinutes(1);
    /// <summary>Bodies that one address without a token may send at once, and as many again in <see cref="AddressRefill"/>: a server of the product speaks for all its users.</summary>
    public int AddressBurst { get; init; } = 1000;
    /// <summary>In what time an address's allowance is full again.</summary>
    public TimeSpan AddressRefill { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>Bodies worked on at a time.</summary>
    public int AtOnce { get; init; } = 4;
    /// <summary>Bodies that wait for their turn.</summary>
    public int Waiting { get; init; } = 64;

    /// <summary>Reads a list of origins, separated by commas.</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static IReadOnlyList<string> ReadOrigins(string? text)
    {
        var origins = new List<string>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(part, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.PathAndQuery != "/" || url.UserInfo.Length > 0 || part.Contains('*'))
                throw new FormatException($"'{part}' is no origin of a page. Write scheme and host, as https://app.example.com; every page that may send feedback is listed.");
            origins.Add(url.GetLeftPart(UriPartial.Authority));
        }
        return origins;
    }
}
