using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Rung.Control.Audit.Running;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Audit;

/// <summary>Takes an upload: streamed part by part to the desk's folder, never held in memory, and begun when it is whole.</summary>
internal static class AuditUpload
{
    // What a form has beside its files.
    private const int MostFields = 20;
    private const int MostFieldChars = 200;
    private const long MostOverhead = 1_000_000;

    public static async Task<ActReply> TakeAsync(PageRequest page)
    {
        var desk = page.World.Audits;
        var request = page.Http.Request;
        if (BoundaryOf(request) is not { } boundary) return ActReply.Refuse("/audit", "Send the files as a form (multipart/form-data).");
        if (request.ContentLength > desk.Limits.MostBytes + MostOverhead) return ActReply.Refuse("/audit", TooLarge(desk.Limits));
        if (desk.Open(page.Viewer.Author) is not { } job)
            return ActReply.Refuse(desk.Running is { } other ? $"/audit/runs/{other.Id}" : "/audit", "One audit at a time: another one is under way. Yours was not taken. Try again when this one is over.");
        try
        {
            var wish = await ReadAsync(new MultipartReader(boundary, request.Body), job, page.Cancellation);
            _ = desk.Start(job, wish); // It goes on when this page is gone; its outcome, and whatever goes wrong, stands at the job.
            return ActReply.Back($"/audit/runs/{job.Id}");
        }
        catch (Exception e) when (e is AuditUploadException or InvalidDataException or IOException or UnauthorizedAccessException or OperationCanceledException or BadHttpRequestException)
        {
            var why = e switch
            {
                AuditUploadException => e.Message,
                _ when page.Cancellation.IsCancellationRequested => "The sender went away before everything had come.",
                OperationCanceledException => "It was stopped while files were being sent.",
                InvalidDataException or BadHttpRequestException => "The form broke off or cannot be read.",
                _ => $"The files could not be stored: {e.Message}",
            };
            AuditDesk.Abandon(job, why);
            return ActReply.Refuse("/audit", why);
        }
        catch
        {
            AuditDesk.Abandon(job, "That is a fault of Rung; the gateway's log has the details.");
            throw;
        }
    }

    private static async Task<AuditWish> ReadAsync(MultipartReader reader, AuditJob job, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part)) throw new InvalidDataException("A part of the form has no name.");
            var file = Name(part);
            if (file is { Length: > 0 }) await job.AddFileAsync(file, section.Body, cancellationToken);
            else if (file is null) await AddFieldAsync(fields, HeaderUtilities.RemoveQuotes(part.Name).ToString(), section.Body, cancellationToken);
            // Else the field for files was left empty.
        }
        if (job.Files.Count == 0) throw new AuditUploadException("No file was chosen.");
        return new AuditWish { Keep = fields.ContainsKey("keep"), TakesLoggedCosts = fields.ContainsKey("reported_costs"), InvoiceNanoUsd = Invoice(fields.GetValueOrDefault("invoice")) };
    }

    private static string? Name(ContentDispositionHeaderValue part) =>
        part.FileNameStar.HasValue ? part.FileNameStar.ToString() : part.FileName.HasValue ? HeaderUtilities.RemoveQuotes(part.FileName).ToString() : null;

    private static async Task AddFieldAsync(Dictionary<string, string> fields, string name, Stream body, CancellationToken cancellationToken)
    {
        using var text = new StreamReader(body);
        var buffer = new char[MostFieldChars + 1];
        var count = await text.ReadBlockAsync(buffer, cancellationToken);
        if (count > MostFieldChars || fields.Count == MostFields) throw new AuditUploadException("The form has more in it than an upload needs.");
        fields[name] = new string(buffer, 0, count);
    }

    private static long? Invoice(string? text)
    {
        var bare = text?.Trim().TrimStart('$');
        if (string.IsNullOrEmpty(bare)) return null;
        return decimal.TryParse(bare, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var usd) && usd is >= 0 and < 9_000_000_000m
            ? (long)decimal.Round(usd * 1_000_000_000m)
            : throw new AuditUploadException($"The invoice \"{bare[..Math.Min(40, bare.Length)]}\" is no amount. Write US dollars: 12431.02.");
    }

    private static string? BoundaryOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 100 } boundary ? boundary.ToString() : null;

    private static string TooLarge(AuditLimits limits) => $"An upload has at most {limits.MostBytes / 1_000_000:#,0} MB. Pack the files by gzip, send fewer, or use: rung audit";
}
