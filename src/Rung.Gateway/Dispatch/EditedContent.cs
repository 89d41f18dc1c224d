using System.Net;

namespace Rung.Gateway.Dispatch;

/// <summary>A request body sent as the client's bytes with the edits between them: nothing is copied but what changed.</summary>
internal sealed class EditedContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> body;
    private readonly List<BodyEdit> edits;
    private readonly long length;

    public EditedContent(ReadOnlyMemory<byte> body, List<BodyEdit> edits)
    {
        this.body = body;
        this.edits = edits;
        length = body.Length;
        foreach (var edit in edits) length += edit.With.Length - (edit.End - edit.Start);
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var at = 0;
        foreach (var edit in edits)
        {
            if (edit.Start > at) await stream.WriteAsync(body[at..edit.Start], cancellationToken);
            if (!edit.With.IsEmpty) await stream.WriteAsync(edit.With, cancellationToken);
            at = edit.End;
        }
        if (at < body.Length) await stream.WriteAsync(body[at..], cancellationToken);
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
