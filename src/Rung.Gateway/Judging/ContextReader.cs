using System.Buffers;
using System.Text;
using System.Text.Json;
using Rung.Core.Checks;
using Rung.Gateway.Intake;

namespace Rung.Gateway.Judging;

/// <summary>Reads what a call asked out of its body, for the checks and verifiers that look at it. Runs only where one of them does.</summary>
internal static class ContextReader
{
    /// <summary>Reads.</summary>
    /// <param name="body">The client's body; it outlives the context.</param>
    /// <param name="scan">Where its fields are.</param>
    public static CallContext Read(ReadOnlyMemory<byte> body, in ScannedRequest scan)
    {
        var given = new ArrayBufferWriter<byte>();
        byte[] prompt = [];
        using var document = JsonDocument.Parse(body[scan.Messages.ValueStart..scan.Messages.ValueEnd], new JsonDocumentOptions { MaxDepth = RequestScanner.MaxDepth });
        foreach (var message in document.RootElement.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content)) continue;
            var role = message.TryGetProperty("role", out var named) && named.ValueKind == JsonValueKind.String ? named.ToString() : "";
            if (role == "assistant") continue;
            var text = Encoding.UTF8.GetBytes(Text(content));
            if (role == "user") prompt = text;
            if (text.Length == 0) continue;
            if (given.WrittenCount > 0) given.Write("\n"u8);
            given.Write(text);
        }
        return new() { Prompt = prompt, Given = given.WrittenMemory, Tools = scan.Tools.IsPresent ? body[scan.Tools.ValueStart..scan.Tools.ValueEnd] : default };
    }

    /// <summary>A text, or the texts of its parts, a line feed between two. What cannot be read as text (half a surrogate pair) is left out.</summary>
    private static string Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) return Readable(content);
        if (content.ValueKind != JsonValueKind.Array) return "";
        var texts = new List<string>();
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String) texts.Add(Readable(text));
        }
        return string.Join('\n', texts);
    }

    private static string Readable(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
