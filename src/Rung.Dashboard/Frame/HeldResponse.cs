using Microsoft.AspNetCore.Http;

namespace Rung.Dashboard.Frame;

/// <summary>
/// A response that is made first and sent afterwards: whoever reads it slowly, or not at all, then holds nothing that others wait for. What is made must be bounded.
/// </summary>
public sealed class HeldResponse : IAsyncDisposable
{
    /// <summary>A reader who has not taken a response in this time has gone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpContext _http;
    private readonly Stream _wire;
    private readonly MemoryStream _made = new();

    private HeldResponse(HttpContext http)
    {
        (_http, _wire) = (http, http.Response.Body);
        http.Response.Body = _made;
    }

    /// <summary>Holds what is written from now on.</summary>
    public static HeldResponse Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return new HeldResponse(http);
    }

    /// <summary>Sends it. A reader who is too slow is cut off; one who has gone is no error.</summary>
    public async Task SendAsync()
    {
        _http.Response.Body = _wire;
        if (_made.Length == 0) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_http.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            _made.Position = 0;
            await _made.CopyToAsync(_wire, patience.Token);
            await _wire.FlushAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _http.Abort();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Response.Body = _wire;
        return _made.DisposeAsync();
    }
}
