using System.Text.Json;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Gateway.Streaming;

/// <summary>What one pass over a whole JSON reply found. Nothing is copied but short words.</summary>
internal struct ReplyScan
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>The reply is one JSON object.</summary>
    public bool IsObject;
    public bool HasChoices;
    /// <summary>The reply has an <c>error</c> that is not null: some providers send it with status 200.</summary>
    public bool HasError;
    public bool HasUsage;
    public TokenUsage Usage;
    public string? FinishReason;
    public string? UpstreamModel;
    /// <summary>Bytes of all <c>message</c> objects, for an estimate when no usage came.</summary>
    public int MessageBytes;

    /// <summary>Scans a reply. Runs once per plain call.</summary>
    /// <param name="reply">The reply, UTF-8.</param>
    /// <param name="expectedModel">The id asked for: the usual answer, which then costs no new string.</param>
    public static ReplyScan Of(ReadOnlySpan<byte> reply, string expectedModel)
    {
        var scan = new ReplyScan();
        try
        {
            scan.Read(new Utf8JsonReader(reply, Options), expectedModel);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            scan.IsObject = false;
        }
        return scan;
    }

    private void Read(Utf8JsonReader json, string expectedModel)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return;
        var tier = ServiceTier.Standard; // OpenAI names it beside the usage block, and bills by it.
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8))
            {
                json.Read();
                ReadChoices(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject && UsageReader.TryRead(ref json, out var usage)) (HasUsage, Usage) = UsageReader.IsBelievable(usage) ? (true, usage) : default;
                else json.Skip();
            }
            else if (json.ValueTextEquals("model"u8))
            {
                json.Read();
                UpstreamModel = json.TokenType != JsonTokenType.String ? null : json.ValueTextEquals(expectedModel) ? expectedModel : json.GetString();
                json.Skip();
            }
            else if (json.ValueTextEquals("service_tier"u8))
            {
                json.Read();
                tier = UsageReader.TierOf(ref json);
                json.Skip();
            }
            else if (json.ValueTextEquals("error"u8))
            {
                json.Read();
                HasError = json.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
                json.Skip();
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
        json.Read(); // Anything behind the object fails here.
        IsObject = true;
        if (tier != ServiceTier.Standard) Usage = Usage with { Tier = tier };
    }

    private void ReadChoices(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            HasChoices = true;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var finish = json.ValueTextEquals("finish_reason"u8);
                var message = json.ValueTextEquals("message"u8);
                json.Read();
                var start = json.TokenStartIndex;
                if (finish && json.TokenType == JsonTokenType.String) FinishReason ??= FinishReasons.Known(ref json);
                json.Skip();
                if (message) MessageBytes += (int)(json.BytesConsumed - start);
            }
        }
    }
}
