using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Rung.Recorded;

/// <summary>One recorded tool call.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Its arguments, JSON as the model wrote it, UTF-8.</param>
internal sealed record RecordedToolCall(string Name, byte[] Arguments);

/// <summary>What a model answered: text, tool calls, or both. Kept once, as UTF-8.</summary>
internal sealed class RecordedAnswer
{
    /// <summary>The text, UTF-8; null when the model only called tools.</summary>
    public required byte[]? Text { get; init; }
    /// <summary>The tool calls, in order.</summary>
    public required ImmutableArray<RecordedToolCall> ToolCalls { get; init; }
    /// <summary>Whether it stands in for an answer of which only the grade was kept (<see cref="StandIn"/>).</summary>
    public bool IsStandIn { get; init; }

    /// <summary>
    /// Reads a recorded response: text; or a list of tool calls, each <c>{"name": "{json arguments}"}</c> or in OpenAI's form, with text in between
    /// allowed. Null when it is neither.
    /// </summary>
    public static RecordedAnswer? Read(JsonElement response, Func<string, string> intern)
    {
        if (response.ValueKind == JsonValueKind.String) return new RecordedAnswer { Text = Utf8(response.GetString()!), ToolCalls = [] };
        if (response.ValueKind == JsonValueKind.Object) return Read([response], intern);
        return response.ValueKind == JsonValueKind.Array ? Read([.. response.EnumerateArray()], intern) : null;
    }

    private static RecordedAnswer? Read(ReadOnlySpan<JsonElement> parts, Func<string, string> intern)
    {
        var text = new StringBuilder();
        var calls = ImmutableArray.CreateBuilder<RecordedToolCall>();
        foreach (var part in parts)
        {
            if (part.ValueKind == JsonValueKind.String) text.Append(part.GetString());
            else if (part.ValueKind == JsonValueKind.Object) AddCalls(part, calls, intern);
            else return null;
        }
        // Some recordings put line ends between parallel calls: blank text beside calls says nothing.
        var kept = calls.Count > 0 && string.IsNullOrWhiteSpace(text.ToString()) ? null : Utf8(text.ToString());
        return new RecordedAnswer { Text = kept, ToolCalls = calls.ToImmutable() };
    }

    private static void AddCalls(JsonElement part, ImmutableArray<RecordedToolCall>.Builder calls, Func<string, string> intern)
    {
        var call = part.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object ? function : part;
        if (call.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && call.TryGetProperty("arguments", out var arguments))
        {
            calls.Add(new RecordedToolCall(intern(name.GetString()!), Arguments(arguments)));
            return;
        }
        foreach (var named in part.EnumerateObject()) calls.Add(new RecordedToolCall(intern(named.Name), Arguments(named.Value)));
    }

    private static byte[] Arguments(JsonElement value) =>
        Utf8(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

    private static byte[] Utf8(string text) => text.Length == 0 ? [] : Encoding.UTF8.GetBytes(text);
}
