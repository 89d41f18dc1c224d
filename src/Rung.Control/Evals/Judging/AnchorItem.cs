using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>A test for a judge: a request with a good and a bad answer, or with one answer whose score is known.</summary>
public sealed record AnchorItem
{
    /// <summary>Most lines of a file.</summary>
    public const int MostItems = 10_000;

    /// <summary>Id: <c>a-</c> and 16 hexadecimal digits of its content.</summary>
    public required string Id { get; init; }
    /// <summary>The request, in the form of chat completions, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
    /// <summary>The better answer; null when one answer with a score is given.</summary>
    public string? Good { get; init; }
    /// <summary>The worse answer; null as above.</summary>
    public string? Bad { get; init; }
    /// <summary>The answer whose score is known; null for a pair.</summary>
    public string? Answer { get; init; }
    /// <summary>The known score of <see cref="Answer"/>, 0 to 1.</summary>
    public double? Score { get; init; }

    /// <summary>The row that a judge is asked about. It belongs to no set.</summary>
    public EvalRow Row => new() { Id = Id, Position = 0, Part = EvalPart.Test, Request = Request, Origin = "anchor" };

    /// <summary>Reads a file: one JSON object a line, with <c>request</c> or <c>prompt</c>, and <c>good</c> and <c>bad</c>, or <c>answer</c> and <c>score</c>.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="name">The file's name, for faults.</param>
    /// <exception cref="EvalException">A line is no anchor.</exception>
    public static IReadOnlyList<AnchorItem> ReadAll(IEnumerable<string> lines, string name)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var items = new Dictionary<string, AnchorItem>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (items.Count == MostItems) throw new EvalException($"{name} has more than {MostItems:N0} anchors.", "Keep a few hundred: every one is asked whenever the judge is tested.");
            var item = Read(Encoding.UTF8.GetBytes(line)) ?? throw new EvalException(
                $"{name}:{number} is no anchor.", """Write {"prompt": "…", "good": "…", "bad": "…"} or {"prompt": "…", "answer": "…", "score": 0.75}; "request" takes a whole request.""");
            items.TryAdd(item.Id, item);
        }
        return items.Count > 0 ? [.. items.Values] : throw new EvalException($"{name} holds no anchor.", "Write one JSON object a line.");
    }

    /// <summary>Reads one item; null when it is none.</summary>
    public static AnchorItem? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            if (JsonNode.Parse(json.Span) is not JsonObject item) return null;
            var request = item["request"] is JsonObject whole ? whole.DeepClone().AsObject() : Text(item["prompt"]) is { } prompt ? RequestOf(prompt) : null;
            if (request?["messages"] is not JsonArray) return null;
            var (good, bad, answer) = (Text(item["good"]), Text(item["bad"]), Text(item["answer"]));
            double? score = item["score"] is JsonValue given && given.TryGetValue<double>(out var known) ? known : null;
            var isPair = good is not null && bad is not null && answer is null && score is null;
            var isScored = answer is not null && score is >= 0 and <= 1 && good is null && bad is null;
            if (!isPair && !isScored) return null;
            var bytes = Encoding.UTF8.GetBytes(request.ToJsonString());
            return new AnchorItem { Id = IdOf(bytes, good, bad, answer, score), Request = bytes, Good = good, Bad = bad, Answer = answer, Score = score };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The item as it is stored: what <see cref="Read"/> reads.</summary>
    public JudgeAnchor ToStored()
    {
        var item = new JsonObject { ["request"] = JsonNode.Parse(Request.Span) };
        if (Good is not null) (item["good"], item["bad"]) = (Good, Bad);
        else (item["answer"], item["score"]) = (Answer, Score);
        return new JudgeAnchor(Id, Encoding.UTF8.GetBytes(item.ToJsonString()));
    }

    private static JsonObject RequestOf(string prompt) => new() { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }) };

    // An answer is a text, or a whole message.
    private static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonObject message when message["content"] is JsonValue content && content.TryGetValue<string>(out var text) => text,
        _ => null,
    };

    private static string IdOf(byte[] request, params ReadOnlySpan<object?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(request);
        foreach (var part in parts)
        {
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(Convert.ToString(part, CultureInfo.InvariantCulture) ?? ""));
        }
        return $"a-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))}";
    }
}
