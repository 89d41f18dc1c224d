using System.Globalization;
using System.Text.Json;
using Rung.Control.Imports;
using Rung.Control.Imports.Reading;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets.Reading;

/// <summary>What became of one record: a row, or why it is left out on purpose.</summary>
/// <param name="Row">The row; null when it is left out.</param>
/// <param name="LeftOut">Why; null when it is not.</param>
internal readonly record struct EvalRowReading(EvalSourceRow? Row, string? LeftOut = null);

/// <summary>Turns one record of a file into a row. Names of fields are those that people and tools use for the same thing.</summary>
internal static class EvalRowReader
{
    private static readonly string[] s_prompts = ["prompt", "input", "question", "instruction", "query"];
    private static readonly string[] s_references = ["reference", "answer", "gold", "ideal", "expected_output", "expectedOutput", "expected", "ground_truth", "target", "output", "completion"];
    private static readonly string[] s_groups = ["group", "group_id"];
    private static readonly string[] s_sessions = ["session", "session_id", "sessionId", "conversation_id"];
    private static readonly string[] s_users = ["user_id", "userId", "end_user"];

    /// <summary>A record that is JSON.</summary>
    /// <exception cref="FormatException">It cannot be used; the message quotes no content.</exception>
    public static EvalRowReading OfJson(JsonElement json, string file, long line, EvalFormat format, EvalFileOptions options)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("It is no object.");
        var source = Word(json, "source");
        if (format == EvalFormat.Recorded)
        {
            if (options.SourcePrefix is { } prefix && source?.StartsWith(prefix, StringComparison.Ordinal) != true) return new EvalRowReading(null, "rows of another source");
        }
        else if (format == EvalFormat.Langfuse && string.Equals(Word(json, "status"), "ARCHIVED", StringComparison.OrdinalIgnoreCase))
        {
            return new EvalRowReading(null, "archived items");
        }
        var (request, last) = Request(json, format == EvalFormat.Recorded ? options.RecordedTools : null);
        var metadata = MessageText.Within(json, "metadata");
        var given = Reference(json) ?? last ?? [];
        var id = IdOf(json, "id") ?? IdOf(json, "uid");
        var origin = format == EvalFormat.Recorded && id is not null ? $"recorded {id}" : id is not null ? $"file {file}#{id}" : string.Create(CultureInfo.InvariantCulture, $"file {file}:{line}");
        return new EvalRowReading(new EvalSourceRow
        {
            Id = EvalSourceRow.IdOf(request, origin), Request = request, Origin = origin, Given = given,
            Tag = TagName.Of(Word(json, "tag") ?? (metadata is { } data ? Word(data, "tag") : null)),
            GroupHint = Of(json, metadata, s_groups) ?? (Word(json, "split_hint") is { } hint && hint.StartsWith("g:", StringComparison.Ordinal) ? hint : null),
            Session = Of(json, metadata, s_sessions), User = Of(json, metadata, s_users),
            DataClass = Word(json, "data_class") ?? (metadata is { } more ? Word(more, "data_class") : null),
            Part = PartOf(Word(json, "part")), Mass = WeightOf(json),
            Simulated = json.TryGetProperty("simulated", out var simulated) && simulated.ValueKind == JsonValueKind.True,
        });
    }

    /// <summary>A row of a table.</summary>
    /// <exception cref="FormatException">It cannot be used; the message quotes no content.</exception>
    public static EvalRowReading OfColumns(CsvRow row, string file, long line)
    {
        var metadata = row["metadata"] is { } text && Parse(text) is { ValueKind: JsonValueKind.Object } parsed ? parsed : (JsonElement?)null;
        if (string.Equals(row["status"], "ARCHIVED", StringComparison.OrdinalIgnoreCase) && row.Has("input")) return new EvalRowReading(null, "archived items");
        var (request, last) = Request(row);
        var reference = s_references.Select(name => row[name]).FirstOrDefault(value => value is not null);
        var id = row["id"];
        var origin = id is not null ? $"file {file}#{id}" : string.Create(CultureInfo.InvariantCulture, $"file {file}:{line}");
        var weight = row["weight"];
        if (weight is not null && !(double.TryParse(weight, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number > 0)) throw new FormatException("Its weight is not above 0.");
        return new EvalRowReading(new EvalSourceRow
        {
            Id = EvalSourceRow.IdOf(request, origin), Request = request, Origin = origin,
            Given = reference is null ? last ?? [] : AnswerOfText(reference),
            Tag = TagName.Of(row["tag"]), GroupHint = First(row, s_groups) ?? (metadata is { } data ? Of(data, null, s_groups) : null), Session = First(row, s_sessions), User = First(row, s_users),
            DataClass = row["data_class"], Part = PartOf(row["part"]), Mass = weight is null ? 1 : double.Parse(weight, CultureInfo.InvariantCulture),
        });
    }

    /// <summary>An answer in the form that references are kept in, from whatever a file holds; null when it holds none.</summary>
    /// <exception cref="FormatException">It is nothing that could be an answer.</exception>
    public static byte[]? Answer(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return value.GetString() is { Length: > 0 } text ? ChatForm.AnswerOf(text) : null;
            case JsonValueKind.Array when value.GetArrayLength() == 0:
                return null;
            case JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String):
                // OpenAI evals: any of them is right. Scorers take a reference that is a JSON list of texts for that.
                return ChatForm.AnswerOf(value.GetArrayLength() == 1 ? value[0].GetString()! : System.Text.Encoding.UTF8.GetString(ChatForm.Compact(value)));
            case JsonValueKind.Array when value.EnumerateArray().Last() is { ValueKind: JsonValueKind.Object } message && Word(message, "role") == "assistant":
                return ChatForm.Compact(message);
            case JsonValueKind.Object when Word(value, "role") == "assistant" || MessageText.Array(value, "tool_calls") is not null:
                return ChatForm.Compact(value);
            case JsonValueKind.Object when OnlyText(value) is { } only:
                return ChatForm.AnswerOf(only);
            default:
                return ChatForm.AnswerOf(System.Text.Encoding.UTF8.GetString(ChatForm.Compact(value)));
        }
    }

    /// <summary>An answer that a cell of a table or a person's text holds: messages and lists as such, anything else word for word.</summary>
    public static byte[] AnswerOfText(string text)
    {
        if (Parse(text) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json)
        {
            var isMessage = json.ValueKind == JsonValueKind.Object && (Word(json, "role") == "assistant" || MessageText.Array(json, "tool_calls") is not null);
            if (isMessage) return ChatForm.Compact(json);
        }
        return ChatForm.AnswerOf(text);
    }

    private static byte[]? Reference(JsonElement json)
    {
        foreach (var name in s_references)
        {
            if (json.TryGetProperty(name, out var value) && Answer(value) is { } answer) return answer;
        }
        return null;
    }

    // The request, and the answer that stands at the end of its messages where there is one (as in files for fine-tuning).
    private static (byte[] Request, byte[]? Last) Request(JsonElement json, Func<string, string?>? recordedTools)
    {
        var system = Word(json, "system") ?? Word(json, "system_prompt");
        string? tools = null;
        JsonElement settings = json;
        if (recordedTools is not null)
        {
            settings = default;
            if (json.TryGetProperty("tools", out var recorded) && recorded.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object)
                tools = recordedTools(recorded.ValueKind == JsonValueKind.String ? recorded.GetString()! : recorded.GetRawText());
        }
        if (json.TryGetProperty("messages", out var messages) && messages.ValueKind != JsonValueKind.Null) return OfMessages(system, messages, settings, tools);
        if (MessageText.Within(json, "request") is { } request && request.TryGetProperty("messages", out var inner)) return OfMessages(system, inner, request, tools);
        foreach (var name in s_prompts)
        {
            if (!json.TryGetProperty(name, out var prompt) || prompt.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) continue;
            return OfPrompt(system, name, prompt, settings, tools);
        }
        throw new FormatException("It has no \"messages\", \"prompt\" or \"input\".");
    }

    private static (byte[] Request, byte[]? Last) Request(CsvRow row)
    {
        var system = row["system"] ?? row["system_prompt"];
        if (row["messages"] is { } messages)
        {
            return Parse(messages) is { } json ? OfMessages(system, json, null, null) : throw new FormatException("Its \"messages\" is no JSON.");
        }
        foreach (var name in s_prompts)
        {
            if (row[name] is not { } prompt) continue;
            // A table holds JSON as text: messages are messages, and whatever else looks like JSON is what the user wrote.
            if (Parse(prompt) is { } json && (IsMessages(json) || json.ValueKind == JsonValueKind.Object && (MessageText.Array(json, "messages") is not null || OnlyText(json) is not null))) return OfPrompt(system, name, json, null, null);
            return (ChatForm.RequestOf(system, prompt, null, null), null);
        }
        throw new FormatException("It has no value in a column \"messages\", \"prompt\" or \"input\".");
    }

    private static (byte[] Request, byte[]? Last) OfPrompt(string? system, string name, JsonElement prompt, JsonElement? settings, string? tools)
    {
        switch (prompt.ValueKind)
        {
            case JsonValueKind.String:
                if (string.IsNullOrWhiteSpace(prompt.GetString())) throw new FormatException($"Its \"{name}\" is empty.");
                return (ChatForm.RequestOf(system, prompt.GetString()!, settings, tools), null);
            case JsonValueKind.Array when IsMessages(prompt):
                return OfMessages(system, prompt, settings, tools);
            case JsonValueKind.Object when prompt.TryGetProperty("messages", out var messages):
                return OfMessages(system, messages, prompt, tools);
            case JsonValueKind.Object when OnlyText(prompt) is { } text:
                return (ChatForm.RequestOf(system, text, settings, tools), null);
            case JsonValueKind.Object or JsonValueKind.Array:
                // Variables of a prompt that is elsewhere: all of them are what was asked.
                return (ChatForm.RequestOf(system, System.Text.Encoding.UTF8.GetString(ChatForm.Compact(prompt)), settings, tools), null);
            default:
                throw new FormatException($"Its \"{name}\" is neither text nor messages.");
        }
    }

    private static (byte[] Request, byte[]? Last) OfMessages(string? system, JsonElement messages, JsonElement? settings, string? tools)
    {
        if (!IsMessages(messages)) throw new FormatException("Its \"messages\" is no list of messages with a role.");
        var all = messages.EnumerateArray().ToList();
        if (all.Any(message => MessageText.RoleOf(message) == "system")) system = null;
        if (MessageText.RoleOf(all[^1]) != "assistant" || all.Count == 1) return (ChatForm.RequestOf(system, all, settings, tools), null);
        return (ChatForm.RequestOf(system, all[..^1], settings, tools), ChatForm.Compact(all[^1]));
    }

    private static bool IsMessages(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0 && json.EnumerateArray().All(message => message.ValueKind == JsonValueKind.Object && Word(message, "role") is not null);

    // An object around one text: {"question": "…"}.
    private static string? OnlyText(JsonElement json)
    {
        using var members = json.EnumerateObject();
        return members.MoveNext() && members.Current.Value is { ValueKind: JsonValueKind.String } only && !members.MoveNext() ? only.GetString() : null;
    }

    private static JsonElement? Parse(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{") && !text.AsSpan().TrimStart().StartsWith("[")) return null;
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // A text that begins like JSON.
        }
    }

    private static EvalPart? PartOf(string? word) => word?.ToLowerInvariant() switch
    {
        null or "" => null, "test" or "holdout" or "held-out" => EvalPart.Test, "tune" or "train" or "dev" or "validation" => EvalPart.Tune,
        _ => throw new FormatException("Its \"part\" is neither tune nor test."),
    };

    private static double WeightOf(JsonElement json)
    {
        if (!json.TryGetProperty("weight", out var weight) || weight.ValueKind == JsonValueKind.Null) return 1;
        return weight.ValueKind == JsonValueKind.Number && weight.TryGetDouble(out var number) && double.IsFinite(number) && number > 0 ? number : throw new FormatException("Its \"weight\" is not above 0.");
    }

    private static string? Of(JsonElement json, JsonElement? metadata, string[] names)
    {
        foreach (var name in names)
        {
            if ((IdOf(json, name) ?? (metadata is { } more ? IdOf(more, name) : null)) is { } found) return found;
        }
        return null;
    }

    private static string? First(CsvRow row, string[] names) => names.Select(name => row[name]).FirstOrDefault(value => value is not null);

    private static string? IdOf(JsonElement json, string name) => !json.TryGetProperty(name, out var id) ? null : id.ValueKind switch
    {
        JsonValueKind.String => id.GetString() is { Length: > 0 and <= 200 } text && !text.AsSpan().ContainsAny('\r', '\n') ? text : null,
        JsonValueKind.Number => id.GetRawText(),
        _ => null,
    };

    private static string? Word(JsonElement json, string name) => MessageText.Word(json, name) is { Length: > 0 } word ? word : null;
}
