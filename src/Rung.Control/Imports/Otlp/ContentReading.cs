using System.Text;
using System.Text.Json;

namespace Rung.Control.Imports.Otlp;

/// <summary>
/// Reads messages in whatever form instrumentation writes them: the GenAI conventions' messages with parts, requests and answers of OpenAI, Anthropic and
/// Gemini, the Vercel AI SDK's prompts, LangChain's serialised objects, plain text. What fits no form is text.
/// </summary>
internal sealed class ContentReading(ContentDraft content, Utf8Names texts)
{
    private const int Deepest = 32;

    private string? _role; // Of the message that is being read, where its event tells it.

    /// <summary>Reads what was sent.</summary>
    public void ReadInput(ReadOnlySpan<byte> value) => Read(value, isOutput: false, default);

    /// <summary>Reads one message that was sent, whose role is known from elsewhere.</summary>
    public void ReadInput(ReadOnlySpan<byte> value, ReadOnlySpan<byte> role) => Read(value, isOutput: false, role);

    /// <summary>Reads what came back.</summary>
    public void ReadOutput(ReadOnlySpan<byte> value) => Read(value, isOutput: true, default);

    /// <summary>Reads system instructions: text, a list of parts, or messages.</summary>
    public void ReadSystem(ReadOnlySpan<byte> value)
    {
        var text = value.Trim(" \t\r\n"u8);
        if (text.IsEmpty) return;
        if (text[0] is (byte)'[' or (byte)'{' or (byte)'"')
        {
            try
            {
                var reader = new Utf8JsonReader(text, Options);
                reader.Read();
                var message = new Message { IsOutput = false };
                ReadContent(ref reader, text, ref message, 0);
                if (message.HasText && !reader.Read())
                {
                    content.AddSystem(message.Text);
                    return;
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Then it is text that only begins like JSON.
            }
        }
        content.AddSystem(texts.Get(text));
    }

    /// <summary>A plain text of a message by its role.</summary>
    public void Add(ReadOnlySpan<byte> role, string? text, bool isOutput)
    {
        if (isOutput) content.AddAnswer(text);
        else content.AddMessage(RoleOf(role), text);
    }

    private static JsonReaderOptions Options => new() { MaxDepth = 128 };

    private void Read(ReadOnlySpan<byte> value, bool isOutput, ReadOnlySpan<byte> role)
    {
        _role = role.IsEmpty ? null : RoleOf(role);
        var text = value.Trim(" \t\r\n"u8);
        var mark = content.Mark();
        if (text.Length > 0 && text[0] is (byte)'[' or (byte)'{' or (byte)'"')
        {
            try
            {
                var reader = new Utf8JsonReader(text, Options);
                reader.Read();
                var isKnown = ReadTop(ref reader, text, isOutput, 0);
                if (isKnown && !reader.Read()) return;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Cut off, or text that only begins like JSON.
            }
            content.Return(mark);
        }
        if (isOutput) content.AddAnswer(Encoding.UTF8.GetString(text));
        else if (!text.IsEmpty) content.AddMessage(_role ?? "user", Encoding.UTF8.GetString(text));
    }

    // A message, a list of them, or a body that holds them. False: it is none of these, so it is text.
    private bool ReadTop(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, bool isOutput, int depth)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                Add("user"u8, reader.GetString(), isOutput);
                return true;
            case JsonTokenType.StartObject when depth < Deepest:
                return ReadObject(ref reader, source, isOutput, depth);
            case JsonTokenType.StartArray when depth < Deepest:
                var isKnown = true;
                var any = false;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    any = true;
                    // A list of texts as an answer is an answer in JSON, not several answers.
                    if (isOutput && reader.TokenType == JsonTokenType.String && depth == 0) isKnown = false;
                    isKnown &= ReadTop(ref reader, source, isOutput, depth + 1);
                }
                return isKnown && (any || !isOutput);
            case JsonTokenType.Null:
                return true;
            default:
                reader.Skip();
                return false;
        }
    }

    private bool ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, bool isOutput, int depth)
    {
        var message = new Message { IsOutput = isOutput };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("role"u8)) ReadRole(ref reader, ref message);
            else if (name.SequenceEqual("parts"u8) || name.SequenceEqual("content"u8))
            {
                message.IsKnown |= name.Length == 5;
                reader.Read();
                message.IsKnown |= reader.TokenType == JsonTokenType.StartArray;
                ReadContent(ref reader, source, ref message, depth + 1);
            }
            else if (name.SequenceEqual("tool_calls"u8) || name.SequenceEqual("function_call"u8) || name.SequenceEqual("toolCalls"u8)) ReadToolCalls(ref reader, ref message, depth + 1);
            else if (name.SequenceEqual("finish_reason"u8) || name.SequenceEqual("stop_reason"u8) || name.SequenceEqual("finishReason"u8)) ReadFinishReason(ref reader, ref message);
            else if (name.SequenceEqual("type"u8)) ReadType(ref reader, ref message);
            else if (name.SequenceEqual("kwargs"u8) || name.SequenceEqual("message"u8)) ReadNested(ref reader, source, isOutput, ref message, depth);
            else if (isOutput ? name.SequenceEqual("choices"u8) || name.SequenceEqual("candidates"u8) || name.SequenceEqual("generations"u8) || name.SequenceEqual("output"u8) : name.SequenceEqual("messages"u8) || name.SequenceEqual("input"u8) || name.SequenceEqual("contents"u8) || name.SequenceEqual("prompt"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartArray || !isOutput) message.IsKnown |= ReadTop(ref reader, source, isOutput, depth + 1);
                else reader.Skip();
            }
            else if (!isOutput && (name.SequenceEqual("system"u8) || name.SequenceEqual("instructions"u8) || name.SequenceEqual("system_instruction"u8) || name.SequenceEqual("systemInstruction"u8)))
            {
                var system = new Message();
                reader.Read();
                ReadContent(ref reader, source, ref system, depth + 1);
                if (system.HasText) content.AddSystem(system.Text);
            }
            else if (name.SequenceEqual("text"u8) && isOutput && depth > 0)
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) message.Add(reader.GetString());
                else reader.Skip();
            }
            else if (!isOutput && ParameterReading.TryRead(ref reader, source, content))
            {
                // A whole request: what it asks for is known, too.
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (message.IsNested) return true;
        if (depth == 0) message.Role ??= _role;
        if (message.Role is null && !message.IsKnown) return depth > 0 && message.HasText && Keep(message);
        if (message.HasText || message.Role is not null) Keep(message);
        return true;
    }

    private bool Keep(in Message message)
    {
        if (!message.IsOutput) content.AddMessage(message.Role ?? "user", message.Text);
        // A log that repeats the question in the answer's place.
        else if (message.Role is null or "assistant") content.AddAnswer(message.Text);
        return true;
    }

    private void ReadRole(ref Utf8JsonReader reader, ref Message message)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) message.Role = RoleOf(reader.ValueSpan);
        else reader.Skip();
    }

    // LangChain says human and ai where others say user and assistant; OpenAI's items say function_call.
    private static void ReadType(ref Utf8JsonReader reader, ref Message message)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return;
        }
        if (reader.ValueTextEquals("human"u8)) message.Role = "user";
        else if (reader.ValueTextEquals("ai"u8) || reader.ValueTextEquals("AIMessage"u8)) message.Role = "assistant";
        else if (reader.ValueTextEquals("message"u8)) message.IsKnown = true;
    }

    private void ReadFinishReason(ref Utf8JsonReader reader, ref Message message)
    {
        message.IsKnown = true;
        reader.Read();
        if (message.IsOutput && reader.TokenType == JsonTokenType.String) content.FinishReason ??= reader.GetString();
        else reader.Skip();
    }

    private void ReadNested(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, bool isOutput, ref Message message, int depth)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject || depth >= Deepest)
        {
            reader.Skip();
            return;
        }
        if (!ReadObject(ref reader, source, isOutput, depth + 1)) return;
        message.IsKnown = true;
        message.IsNested = true;
    }

    private void ReadToolCalls(ref Utf8JsonReader reader, ref Message message, int depth)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        message.IsKnown = true;
        if (!message.IsOutput)
        {
            reader.Skip();
            return;
        }
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadCallName(ref reader, depth);
        }
        else
        {
            ReadCallName(ref reader, depth);
        }
    }

    // {"name"}, {"function":{"name"}}, {"toolName"}, {"functionCall":{"name"}}
    private void ReadCallName(ref Utf8JsonReader reader, int depth)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("toolName"u8);
            var isFunction = reader.ValueTextEquals("function"u8);
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String) content.AddToolCall(texts.Name(reader.ValueSpan));
            else if (isFunction && depth < Deepest) ReadCallName(ref reader, depth + 1);
            else reader.Skip();
        }
    }

    /// <summary>Reads the tool calls of <c>ai.response.toolCalls</c> and the like.</summary>
    public void ReadToolCalls(ReadOnlySpan<byte> value)
    {
        var mark = content.Mark();
        try
        {
            var reader = new Utf8JsonReader(value, Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) return;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadCallName(ref reader, 0);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            content.Return(mark);
        }
    }

    private void ReadContent(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, ref Message message, int depth)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                message.Add(reader.GetString());
                break;
            case JsonTokenType.StartArray when depth < Deepest:
                message.HasText = true;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadContent(ref reader, source, ref message, depth + 1);
                break;
            case JsonTokenType.StartObject when depth < Deepest:
                ReadPart(ref reader, source, ref message, depth);
                break;
            case JsonTokenType.Null:
                message.HasText = true;
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void ReadPart(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, ref Message message, int depth)
    {
        string? piece = null;
        string? tool = null;
        var (isThought, isCall) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var isText = name.SequenceEqual("text"u8) || name.SequenceEqual("content"u8);
            var isResult = name.SequenceEqual("response"u8) || name.SequenceEqual("result"u8) || name.SequenceEqual("output"u8);
            var isType = name.SequenceEqual("type"u8);
            var isName = name.SequenceEqual("name"u8) || name.SequenceEqual("toolName"u8);
            var isParts = name.SequenceEqual("parts"u8);
            var isRole = name.SequenceEqual("role"u8);
            var isCallObject = name.SequenceEqual("functionCall"u8) || name.SequenceEqual("function_call"u8) || name.SequenceEqual("toolUse"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                isThought = reader.ValueTextEquals("reasoning"u8) || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("redacted_thinking"u8);
                isCall = reader.ValueTextEquals("tool_call"u8) || reader.ValueTextEquals("tool_use"u8) || reader.ValueTextEquals("tool-call"u8)
                    || reader.ValueTextEquals("server_tool_call"u8) || reader.ValueTextEquals("function_call"u8) || reader.ValueTextEquals("server_tool_use"u8);
            }
            else if (isRole && reader.TokenType == JsonTokenType.String) message.Role ??= RoleOf(reader.ValueSpan);
            else if (isName && reader.TokenType == JsonTokenType.String) tool = texts.Name(reader.ValueSpan);
            else if ((isText || isResult) && reader.TokenType == JsonTokenType.String) piece = reader.GetString();
            else if (isParts || isText) ReadContent(ref reader, source, ref message, depth + 1);
            else if (isCallObject && message.IsOutput) ReadCallName(ref reader, depth + 1);
            else if (isResult && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                piece = Encoding.UTF8.GetString(source[start..(int)reader.BytesConsumed]);
            }
            else reader.Skip();
        }
        if (isThought) return;
        message.HasText = true;
        if (isCall && message.IsOutput) content.AddToolCall(tool);
        else if (piece is not null && !isCall) message.Add(piece);
    }

    /// <summary>A role in OpenAI's words.</summary>
    internal static string RoleOf(ReadOnlySpan<byte> role)
    {
        if (role.SequenceEqual("user"u8) || role.SequenceEqual("human"u8)) return "user";
        if (role.SequenceEqual("assistant"u8) || role.SequenceEqual("ai"u8) || role.SequenceEqual("model"u8)) return "assistant";
        if (role.SequenceEqual("system"u8) || role.SequenceEqual("developer"u8)) return "system";
        if (role.SequenceEqual("tool"u8) || role.SequenceEqual("function"u8)) return "tool";
        return role.IsEmpty ? "user" : LogText.Tag(Encoding.UTF8.GetString(role)) ?? "user";
    }

    private struct Message
    {
        private StringBuilder? _more;

        public bool IsOutput;
        public bool IsKnown;
        public bool IsNested;
        public bool HasText;
        public string? Role;
        private string? _text;

        public readonly string? Text => _more?.ToString() ?? _text;

        public void Add(string? piece)
        {
            HasText = true;
            if (string.IsNullOrEmpty(piece)) return;
            if (_text is null)
            {
                _text = piece;
                return;
            }
            (_more ??= new StringBuilder(_text)).Append('\n').Append(piece);
        }
    }
}
