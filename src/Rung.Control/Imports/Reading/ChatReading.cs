using System.Text.Json;

namespace Rung.Control.Imports.Reading;

/// <summary>
/// Collects what a log keeps of one call's request and answer: messages, parameters, tools, the reply. Understands the dialects of OpenAI (chat and
/// Responses), Anthropic and Gemini by the names of their fields. What it does not understand it leaves out; it never refuses a record.
/// </summary>
internal sealed class ChatReading
{
    private const int MostTools = 64;

    private readonly List<(string Role, string Text)> messages = [];
    private readonly List<string> toolCalls = [];
    private List<string>? tools;
    private string? system;
    private string? answer;
    private string? schema;
    private bool hasReply;

    /// <summary>Temperature that was asked for.</summary>
    public double? Temperature { get; set; }
    /// <summary>Output cap that was asked for.</summary>
    public int? MaxTokens { get; set; }
    /// <summary>Form of the output that was asked for.</summary>
    public RequestedOutput? Output { get; set; }
    /// <summary>Reasoning effort that was asked for.</summary>
    public string? Effort { get; set; }
    /// <summary>Why the model stopped.</summary>
    public string? FinishReason { get; set; }

    /// <summary>Reads the parameters of a request: an object that has <c>temperature</c>, <c>max_tokens</c>, <c>response_format</c>, <c>tools</c> or the like.</summary>
    public void AddParameters(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object) return;
        var generation = MessageText.Within(request, "generationConfig") ?? request; // Gemini
        Temperature ??= Number(generation, "temperature") is { } heat ? (double)heat : null;
        MaxTokens ??= Cap(generation, "max_completion_tokens") ?? Cap(generation, "max_output_tokens") ?? Cap(generation, "max_tokens") ?? Cap(generation, "maxOutputTokens");
        Effort ??= TagName.Cut(MessageText.Word(request, "reasoning_effort") ?? (MessageText.Within(request, "reasoning") is { } reasoning ? MessageText.Word(reasoning, "effort") : null)
            ?? (MessageText.Within(request, "output_config") is { } config ? MessageText.Word(config, "effort") : null));
        AddFormat(request, generation);
        if (request.TryGetProperty("tools", out var declared)) AddTools(declared);
        if (request.TryGetProperty("functions", out var older)) AddTools(older);
        if (Output is null && request.TryGetProperty("tool_choice", out var choice) && DemandsTool(choice)) Output = RequestedOutput.Tool;
    }

    /// <summary>Reads a whole request: its parameters, its system prompt and its messages.</summary>
    public void AddRequest(JsonElement request)
    {
        AddParameters(request);
        if (request.ValueKind != JsonValueKind.Object)
        {
            AddMessages(request);
            return;
        }
        foreach (var name in (ReadOnlySpan<string>)["system", "instructions", "systemInstruction", "system_instruction"])
        {
            if (request.TryGetProperty(name, out var prompt)) AddSystem(MessageText.Of(prompt));
        }
        foreach (var name in (ReadOnlySpan<string>)["messages", "input", "contents", "prompt"])
        {
            if (!request.TryGetProperty(name, out var said) || said.ValueKind == JsonValueKind.Null) continue;
            AddMessages(said);
            break;
        }
    }

    /// <summary>Reads messages: an array of them, one alone, an object around them, or bare text of the user.</summary>
    public void AddMessages(JsonElement said)
    {
        switch (said.ValueKind)
        {
            case JsonValueKind.String when said.GetString() is { Length: > 0 } text:
                AddMessage("user", text);
                break;
            case JsonValueKind.Array:
                foreach (var message in said.EnumerateArray()) AddOne(message);
                break;
            case JsonValueKind.Object when MessageText.Array(said, "messages") is not null:
                AddRequest(said);
                break;
            case JsonValueKind.Object:
                AddOne(said);
                break;
        }
    }

    /// <summary>Adds to the system prompt.</summary>
    public void AddSystem(string? text)
    {
        if (!string.IsNullOrEmpty(text)) system = system is null ? text : $"{system}\n{text}";
    }

    /// <summary>Adds one message.</summary>
    public void AddMessage(string role, string text)
    {
        if (role == "system") AddSystem(text);
        else messages.Add((role, text));
    }

    /// <summary>Reads declared tools: an array of OpenAI's or Anthropic's declarations, of Gemini's groups, or of names.</summary>
    public void AddTools(JsonElement declared)
    {
        if (declared.ValueKind != JsonValueKind.Array) return;
        tools ??= [];
        foreach (var tool in declared.EnumerateArray())
        {
            if (tools.Count >= MostTools) return;
            if (MessageText.Array(tool, "functionDeclarations") is { } group) AddTools(group);
            else MessageText.AddName(tools, MessageText.Within(tool, "function") ?? MessageText.Within(tool, "toolSpec") ?? tool);
        }
    }

    /// <summary>Adds the name of a declared tool.</summary>
    public void AddTool(string? name)
    {
        tools ??= [];
        if (tools.Count < MostTools && TagName.Cut(name) is { } tool) tools.Add(tool);
    }

    /// <summary>Adds the name of a tool that the model called.</summary>
    public void AddToolCall(string? name)
    {
        hasReply = true;
        if (toolCalls.Count < MostTools && TagName.Cut(name) is { } tool) toolCalls.Add(tool);
    }

    /// <summary>The text of the answer.</summary>
    public void AddAnswer(string text)
    {
        hasReply = true;
        answer = string.IsNullOrEmpty(answer) ? text : $"{answer}\n{text}";
    }

    /// <summary>Reads a whole answer: a completion, a response, a message, or bare text. JSON of another shape is the answer itself.</summary>
    public void AddReply(JsonElement reply)
    {
        switch (reply.ValueKind)
        {
            case JsonValueKind.String:
                AddAnswer(reply.GetString()!);
                break;
            case JsonValueKind.Array:
                if (!AddReplyParts(reply)) AddAnswer(reply.GetRawText());
                break;
            case JsonValueKind.Object:
                AddReplyObject(reply);
                break;
        }
    }

    /// <summary>The call with what was found in it.</summary>
    public ImportedCall ApplyTo(ImportedCall call) => call with
    {
        Temperature = call.Temperature ?? Temperature,
        MaxTokens = call.MaxTokens ?? MaxTokens,
        Output = call.Output ?? Output,
        Effort = call.Effort ?? Effort,
        FinishReason = call.FinishReason ?? FinishReason,
        Tools = call.Tools.IsDefault && tools is not null ? [.. tools] : call.Tools,
        ToolCalls = call.ToolCalls.IsDefault && (hasReply || toolCalls.Count > 0) ? [.. toolCalls] : call.ToolCalls,
        Content = call.Content ?? Content(),
    };

    private CallContent? Content() => system is null && messages.Count == 0 && schema is null && !hasReply
        ? null
        : new CallContent { System = system, Messages = [.. messages], Schema = schema, Answer = hasReply ? answer ?? "" : null };

    private void AddOne(JsonElement message)
    {
        if (message.ValueKind == JsonValueKind.String)
        {
            AddMessage("user", message.GetString()!);
            return;
        }
        if (message.ValueKind != JsonValueKind.Object) return;
        // An object that is no message is what the caller gave as its input: all of it is the prompt.
        AddMessage(MessageText.RoleOf(message), MessageText.IsMessage(message) ? MessageText.Of(message) : message.GetRawText());
    }

    private void AddReplyObject(JsonElement reply)
    {
        if (MessageText.Array(reply, "choices") is { } choices) AddFirst(choices);
        else if (MessageText.Array(reply, "candidates") is { } candidates) AddFirst(candidates);
        else if (MessageText.Array(reply, "output") is { } items && MessageText.Word(reply, "object") is "response" or null && AddReplyParts(items)) FinishReason ??= ResponsesEnd(reply);
        else if (MessageText.Array(reply, "data") is not null && MessageText.Word(reply, "object") == "list") return; // Embeddings: numbers, not an answer.
        else if (!AddReplyMessage(reply)) AddAnswer(reply.GetRawText());
    }

    private void AddFirst(JsonElement choices)
    {
        if (choices.GetArrayLength() == 0) return;
        var choice = choices[0];
        FinishReason ??= LogText.FinishReason(MessageText.Word(choice, "finish_reason") ?? MessageText.Word(choice, "finishReason"));
        if ((MessageText.Within(choice, "message") ?? MessageText.Within(choice, "content")) is { } message) AddReplyMessage(message, certain: true);
        else if (MessageText.Word(choice, "text") is { } text) AddAnswer(text);
    }

    // A message: OpenAI's, Anthropic's, Gemini's content. False when the object is none of them.
    private bool AddReplyMessage(JsonElement message, bool certain = false)
    {
        if (message.ValueKind != JsonValueKind.Object) return false;
        var isMessage = certain || message.TryGetProperty("role", out _) || MessageText.Array(message, "tool_calls") is not null
            || message.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.String or JsonValueKind.Array;
        if (!isMessage) return false;
        FinishReason ??= LogText.FinishReason(MessageText.Word(message, "stop_reason") ?? MessageText.Word(message, "finish_reason"));
        MessageText.AddToolCalls(message, toolCalls);
        AddAnswer(MessageText.Of(message));
        return true;
    }

    // A list of output items (Responses), of parts (Anthropic), or of messages. False when nothing of it is known.
    private bool AddReplyParts(JsonElement parts)
    {
        var known = false;
        foreach (var part in parts.EnumerateArray())
        {
            var type = MessageText.Word(part, "type");
            if (type is "function_call" or "tool_use" or "tool_call" or "custom_tool_call" or "mcp_call")
            {
                hasReply = true;
                MessageText.AddName(toolCalls, part);
                known = true;
            }
            else if (type is "text" or "output_text")
            {
                AddAnswer(MessageText.Of(part));
                known = true;
            }
            else if (type is "reasoning" or "thinking" or "redacted_thinking")
            {
                known = true;
            }
            else if (AddReplyMessage(part))
            {
                known = true;
            }
        }
        return known;
    }

    private static string? ResponsesEnd(JsonElement reply) =>
        MessageText.Within(reply, "incomplete_details") is { } details && MessageText.Word(details, "reason") is { } reason
            ? LogText.FinishReason(reason)
            : LogText.FinishReason(MessageText.Word(reply, "status"));

    private void AddFormat(JsonElement request, JsonElement generation)
    {
        if (Output is not null) return;
        var format = MessageText.Within(request, "response_format") ?? (MessageText.Within(request, "text") is { } text ? MessageText.Within(text, "format") : null)
            ?? (MessageText.Within(request, "output_config") is { } config ? MessageText.Within(config, "format") : null);
        if (format is { } asked)
        {
            var named = MessageText.Within(asked, "json_schema") ?? asked;
            schema ??= MessageText.Within(named, "schema")?.GetRawText();
            Output = MessageText.Word(asked, "type") switch
            {
                "json_schema" => RequestedOutput.Schema,
                "json_object" or "json" => RequestedOutput.Json,
                "text" => RequestedOutput.Text,
                _ => schema is null ? null : RequestedOutput.Schema,
            };
        }
        else if ((MessageText.Within(generation, "responseSchema") ?? MessageText.Within(generation, "responseJsonSchema")) is { } gemini)
        {
            schema ??= gemini.GetRawText();
            Output = RequestedOutput.Schema;
        }
        else if (MessageText.Word(generation, "responseMimeType") == "application/json" || MessageText.Word(request, "response_format") is "json_object" or "json")
        {
            Output = RequestedOutput.Json;
        }
    }

    private static bool DemandsTool(JsonElement choice) => choice.ValueKind switch
    {
        JsonValueKind.String => choice.GetString() is "required" or "any",
        JsonValueKind.Object => MessageText.Word(choice, "type") is "function" or "tool" or "any",
        _ => false,
    };

    private static decimal? Number(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetDecimal(out var number) ? number : null;
        return value.ValueKind == JsonValueKind.String && NumberReading.TryDecimal(value.GetString(), out var parsed) ? parsed : null;
    }

    private static int? Cap(JsonElement json, string name) => Number(json, name) is >= 0 and <= int.MaxValue and var cap ? (int)cap : null;
}
