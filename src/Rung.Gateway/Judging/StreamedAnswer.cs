using System.Collections.Immutable;
using System.Text.Json;
using Rung.Core.Checks;

namespace Rung.Gateway.Judging;

/// <summary>The deltas of a stream put together as a client would, choice by choice. Holds the text alone, up to a limit. One stream, one thread.</summary>
/// <param name="limit">Most characters of text that are kept, all choices together.</param>
internal sealed class StreamedAnswer(long limit)
{
    private readonly SortedDictionary<int, AnswerDraft> drafts = [];
    private bool isReadable = true;
    private bool isDone;

    /// <summary>More text came than is kept: what there is says nothing about the whole.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Takes whole lines of the stream, in order.</summary>
    public void Append(ReadOnlyMemory<byte> lines)
    {
        while (!lines.IsEmpty && isReadable && !isDone && !IsTooLarge)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            var data = line.Span.TrimEnd((byte)'\r');
            if (!data.StartsWith("data:"u8)) continue;
            if (data[5..].TrimStart((byte)' ').StartsWith("[DONE]"u8)) isDone = true;
            else isReadable = Add(line[5..data.Length]);
        }
    }

    /// <summary>The answers, one a choice.</summary>
    /// <returns>Null when there is no readable choice.</returns>
    public List<Answer>? ToAnswers(ImmutableArray<string> declaredTools, CallContext? context) =>
        !isReadable || IsTooLarge || drafts.Count == 0 ? null : [.. drafts.Values.Select(draft => draft.ToAnswer(declaredTools, context))];

    private bool Add(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 256 });
            if (!document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array) return true;
            foreach (var choice in choices.EnumerateArray())
            {
                var index = choice.TryGetProperty("index", out var place) && place.TryGetInt32(out var number) ? number : 0;
                if (!drafts.TryGetValue(index, out var draft)) drafts[index] = draft = new AnswerDraft();
                if (choice.TryGetProperty("delta", out var delta)) draft.Add(delta);
                draft.Finish(choice);
            }
            long length = 0;
            foreach (var draft in drafts.Values) length += draft.Length;
            IsTooLarge = length > limit;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
