using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Rung.Core.Policies;
using Rung.Gateway.Intake;

namespace Rung.Gateway.Dispatch;

/// <summary>One replacement in a request body: the bytes from <paramref name="Start"/> to <paramref name="End"/> become <paramref name="With"/>.</summary>
internal readonly record struct BodyEdit(int Start, int End, ReadOnlyMemory<byte> With);

/// <summary>
/// The governed fields of a request, rewritten for one model and one route. Everything else keeps its bytes: key order, number
/// formatting, unknown fields. Made again for every attempt, always from the client's own body.
/// </summary>
internal static class BodyEdits
{
    // As deep as the scanner lets a body in.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = RequestScanner.MaxDepth };

    private static readonly byte[] UsageAsked = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] UsageOptions = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] MaxTokensKey = "\"max_tokens\""u8.ToArray();
    private static readonly byte[] MaxCompletionTokensKey = "\"max_completion_tokens\""u8.ToArray();

    /// <summary>Writes the edits in order of place.</summary>
    public static List<BodyEdit> For(ReadOnlySpan<byte> body, in ScannedRequest scan, Route route, Model model, ReadOnlyMemory<byte> upstreamIdJson)
    {
        var edits = new List<BodyEdit>(4) { new(scan.Model.ValueStart, scan.Model.ValueEnd, upstreamIdJson) };
        List<FieldSpan>? removed = null;
        Cap(edits, ref removed, body, scan, route, model);
        Temperature(edits, ref removed, scan, route, model);
        StreamOptions(edits, ref removed, body, scan, model);
        Metadata(edits, ref removed, body, scan);
        return InOrder(edits, removed, body, scan);
    }

    /// <summary>
    /// The edits that turn a request into one for a further sample: a whole reply instead of a stream, one choice, another chance. A seed leaves, since
    /// with it every sample would be the first answer again. The temperature given is the policy's own word, so the route's cap does not bind it;
    /// null is the request's own, as the route allows it.
    /// </summary>
    public static List<BodyEdit> ForSample(
        ReadOnlySpan<byte> body, in ScannedRequest scan, Route route, Model model, ReadOnlyMemory<byte> upstreamIdJson, double? temperature)
    {
        var edits = new List<BodyEdit>(6) { new(scan.Model.ValueStart, scan.Model.ValueEnd, upstreamIdJson) };
        List<FieldSpan>? removed = null;
        Cap(edits, ref removed, body, scan, route, model);
        if (temperature is not { } wanted || !model.AcceptsTemperature) Temperature(edits, ref removed, scan, route, model);
        else if (scan.Temperature.IsPresent) edits.Add(new(scan.Temperature.ValueStart, scan.Temperature.ValueEnd, Number(wanted)));
        else edits.Add(new(scan.InsertAt, scan.InsertAt, (byte[])[.. "\"temperature\":"u8, .. Number(wanted), (byte)',']));
        if (scan.Stream.IsPresent) edits.Add(new(scan.Stream.ValueStart, scan.Stream.ValueEnd, False));
        if (scan.StreamOptions.IsPresent) (removed ??= []).Add(scan.StreamOptions);
        Multiples(ref removed, body);
        Metadata(edits, ref removed, body, scan);
        return InOrder(edits, removed, body, scan);
    }

    /// <summary>Finds the fields that ask for more than one choice or for the same one again. Only samples look for them, so the scan of every call does not.</summary>
    private static void Multiples(ref List<FieldSpan>? removed, ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestScanner.MaxDepth });
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var keyStart = (int)json.TokenStartIndex;
            var found = json.ValueTextEquals("n"u8) || json.ValueTextEquals("seed"u8);
            json.Read();
            var valueStart = (int)json.TokenStartIndex;
            json.Skip();
            if (found) (removed ??= []).Add(new(keyStart, valueStart, (int)json.BytesConsumed));
        }
    }

    private static List<BodyEdit> InOrder(List<BodyEdit> edits, List<FieldSpan>? removed, ReadOnlySpan<byte> body, in ScannedRequest scan)
    {
        if (removed is not null) Remove(edits, removed, body, scan.InsertAt);
        // At one place, what is added stands before what is taken out.
        if (edits.Count > 1) edits.Sort(static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
        return edits;
    }

    /// <summary>Caps are clamps: the client's smaller value stands. One spelling leaves, the one that the model takes.</summary>
    private static void Cap(List<BodyEdit> edits, ref List<FieldSpan>? removed, ReadOnlySpan<byte> body, in ScannedRequest scan, Route route, Model model)
    {
        var limit = route.MaxTokens;
        var asked = scan.RequestedMaxTokens;
        if (model.MaxOutput > 0 && asked > model.MaxOutput) limit = limit == 0 ? model.MaxOutput : Math.Min(limit, model.MaxOutput);
        var cap = (limit, asked) switch { (0, _) => asked, (_, 0) => limit, _ => Math.Min(limit, asked) };
        if (cap == 0) return; // Neither asked nor capped; a null spelling travels on as it came.

        var old = scan.MaxTokens;
        var current = scan.MaxCompletionTokens;
        var useOld = model.CapField switch
        {
            CapField.MaxTokens => true,
            CapField.MaxCompletionTokens => false,
            _ => old.IsPresent && !current.IsPresent,
        };
        var key = useOld ? MaxTokensKey : MaxCompletionTokensKey;
        var kept = current.IsPresent ? current : old;
        if (!kept.IsPresent)
        {
            edits.Add(new(scan.InsertAt, scan.InsertAt, Field(key, cap)));
            return;
        }
        if (old.IsPresent && current.IsPresent) (removed ??= []).Add(old);
        var keptIsOld = !current.IsPresent;
        if (keptIsOld != useOld) edits.Add(new(kept.KeyStart, kept.KeyStart + KeyLength(body, kept), key));
        // A single spelling that nothing clamps keeps its bytes, even where it is no whole number.
        if (cap < asked || asked == 0 || old.IsPresent && current.IsPresent && !IsNumber(kept.Value(body), cap)) edits.Add(new(kept.ValueStart, kept.ValueEnd, Number(cap)));
    }

    private static void Temperature(List<BodyEdit> edits, ref List<FieldSpan>? removed, in ScannedRequest scan, Route route, Model model)
    {
        if (!model.AcceptsTemperature)
        {
            if (scan.Temperature.IsPresent) (removed ??= []).Add(scan.Temperature);
            return;
        }
        if (route.MaxTemperature is not { } limit) return;
        // Providers take 1 for an absent temperature.
        if ((scan.RequestedTemperature ?? 1) <= limit) return;
        if (scan.Temperature.IsPresent) edits.Add(new(scan.Temperature.ValueStart, scan.Temperature.ValueEnd, Number(limit)));
        else edits.Add(new(scan.InsertAt, scan.InsertAt, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"temperature\":{limit},"))));
    }

    /// <summary>Every stream reports its usage to Rung; the chunk is taken out again for a client that did not ask.</summary>
    private static void StreamOptions(List<BodyEdit> edits, ref List<FieldSpan>? removed, ReadOnlySpan<byte> body, in ScannedRequest scan, Model model)
    {
        var options = scan.StreamOptions;
        if (!model.AcceptsStreamOptions)
        {
            if (options.IsPresent) (removed ??= []).Add(options);
            return;
        }
        if (!scan.IsStream || scan.WantsUsage) return;
        if (!options.IsPresent) edits.Add(new(scan.InsertAt, scan.InsertAt, UsageAsked));
        else edits.Add(new(options.ValueStart, options.ValueEnd, WithUsage(options.Value(body))));
    }

    /// <summary>The client's other stream options stay.</summary>
    private static byte[] WithUsage(ReadOnlySpan<byte> options)
    {
        using var document = JsonDocument.Parse(options.ToArray(), Deep);
        if (document.RootElement.ValueKind != JsonValueKind.Object) return UsageOptions;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals("include_usage")) continue;
                json.WritePropertyName(property.Name);
                json.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true); // It was parsed just now, deeper than the writer would.
            }
            json.WriteBoolean("include_usage", value: true);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>Rung's own keys, and what OpenAI refuses in metadata, stay here; an emptied object leaves with them.</summary>
    private static void Metadata(List<BodyEdit> edits, ref List<FieldSpan>? removed, ReadOnlySpan<byte> body, in ScannedRequest scan)
    {
        if (scan.Tags.IsPresent) (removed ??= []).Add(scan.Tags);
        if (!scan.FromMetadata.MustBeTrimmed) return;
        using var document = JsonDocument.Parse(scan.Metadata.Value(body).ToArray(), Deep);
        using var stream = new MemoryStream();
        var left = 0;
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name.StartsWith("rung_", StringComparison.Ordinal) || property.NameEquals("tag")) continue;
                if (property.NameEquals("tags") && property.Value.ValueKind == JsonValueKind.Array) continue;
                json.WritePropertyName(property.Name);
                json.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true); // It was parsed just now, deeper than the writer would.
                left++;
            }
            json.WriteEndObject();
        }
        if (left == 0) (removed ??= []).Add(scan.Metadata);
        else edits.Add(new(scan.Metadata.ValueStart, scan.Metadata.ValueEnd, stream.ToArray()));
    }

    /// <summary>
    /// Takes fields out, each with the one comma that belongs to it: the one before it, or for the fields that lead the object the one
    /// behind. <c>model</c> always stays, so the object is never emptied.
    /// </summary>
    private static void Remove(List<BodyEdit> edits, List<FieldSpan> removed, ReadOnlySpan<byte> body, int objectStart)
    {
        removed.Sort(static (a, b) => a.KeyStart.CompareTo(b.KeyStart));
        var leadingEnd = objectStart;
        foreach (var field in removed)
        {
            if (IsBlank(body[leadingEnd..field.KeyStart]))
            {
                leadingEnd = field.ValueEnd + body[field.ValueEnd..].IndexOf((byte)',') + 1;
                edits.Add(new(field.KeyStart, leadingEnd, default));
                continue;
            }
            edits.Add(new(body[..field.KeyStart].LastIndexOf((byte)','), field.ValueEnd, default));
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static int KeyLength(ReadOnlySpan<byte> body, FieldSpan field)
    {
        // From the key's opening quote to its closing one: between them a JSON key of these names holds no quote.
        var closing = body[(field.KeyStart + 1)..].IndexOf((byte)'"');
        return closing + 2;
    }

    private static bool IsNumber(ReadOnlySpan<byte> value, int wanted) =>
        Utf8Parser.TryParse(value, out int number, out var read) && read == value.Length && number == wanted;

    private static byte[] Number(int value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Number(double value) => Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture));

    private static byte[] Field(byte[] key, int value) => [.. key, (byte)':', .. Number(value), (byte)','];
}
