using Microsoft.AspNetCore.Http;

namespace Rung.Dashboard.Frame;

/// <summary>
/// A request's body, read to its end into memory before anything that others wait for is taken: who sends slowly keeps nobody from a turn. What is read is used up piece by piece: a body that breaks off
/// behind bytes that were looked at and not used leaves a connection that Kestrel cannot end without an error in the log, and that is how ASP.NET Core reads forms.
/// </summary>
/// <param name="Bytes">The body; empty when it did not come.</param>
/// <param name="Fault">Why it did not come.</param>
public sealed record WholeBody(ReadOnlyMemory<byte> Bytes, BodyFault Fault)
{
    /// <summary>A body that has not come in this time does not come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int Piece = 4096;

    /// <summary>Reads a body. After a fault the connection is closed with the reply: what still comes is not read.</summary>
    /// <param name="http">The request.</param>
    /// <param name="most">The longest that is taken, in bytes.</param>
    /// <param name="clock">The clock of the machine.</param>
    public static async Task<WholeBody> ReadAsync(HttpContext http, int most, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(http);
        var read = http.Request.ContentLength > most ? new WholeBody(default, BodyFault.TooLarge) : await ReadAllAsync(http, most, clock);
        if (read.Fault != BodyFault.None) http.Response.Headers.Connection = "close";
        return read;
    }

    /// <summary>Reads a form.</summary>
    /// <param name="http">The request.</param>
    /// <param name="most">The longest body that is taken, in bytes.</param>
    /// <param name="clock">The clock of the machine.</param>
    /// <returns>The form; or, without one, what is wrong, for whoever sent it.</returns>
    public static async Task<(IFormCollection? Form, string? Problem)> ReadFormAsync(HttpContext http, int most, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Request.ContentLength is not { } length || length > most || !http.Request.HasFormContentType)
            return (null, $"Send a form of at most {most / 1024} KiB, and say how long it is (Content-Length).");
        var body = await ReadAsync(http, most, clock);
        if (body.Fault != BodyFault.None) return (null, body.Fault == BodyFault.TooSlow ? $"It did not come within {Patience.TotalSeconds:0} s." : "It broke off.");
        try
        {
            http.Request.Body = new MemoryStream(body.Bytes.ToArray(), writable: false);
            return (await http.Request.ReadFormAsync(http.RequestAborted), null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return (null, $"It cannot be read: {e.Message}");
        }
    }

    private static async Task<WholeBody> ReadAllAsync(HttpContext http, int most, TimeProvider clock)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, late.Token);
        var made = new MemoryStream(); // Grows with what has come, and not with what was announced.
        var piece = new byte[Piece];
        try
        {
            while (await http.Request.Body.ReadAsync(piece, ends.Token) is > 0 and var count)
            {
                if (made.Length + count > most) return new WholeBody(default, BodyFault.TooLarge);
                made.Write(piece, 0, count);
            }
            return new WholeBody(made.GetBuffer().AsMemory(0, (int)made.Length), BodyFault.None);
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel loses patience sooner with who sends next to nothing.
            return new WholeBody(default, e.StatusCode == StatusCodes.Status408RequestTimeout ? BodyFault.TooSlow : BodyFault.BrokenOff);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return new WholeBody(default, late.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested ? BodyFault.TooSlow : BodyFault.BrokenOff);
        }
    }
}

/// <summary>Why a body did not come.</summary>
public enum BodyFault
{
    /// <summary>It came.</summary>
    None,
    /// <summary>It is longer than allowed.</summary>
    TooLarge,
    /// <summary>It did not come in time.</summary>
    TooSlow,
    /// <summary>Its sender has gone, or its chunks are malformed.</summary>
    BrokenOff,
}
