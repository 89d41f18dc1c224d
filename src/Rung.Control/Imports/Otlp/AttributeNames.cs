using System.Buffers.Binary;
using System.Text;

namespace Rung.Control.Imports.Otlp;

/// <summary>
/// The one table of attribute names: current and older GenAI conventions, OpenInference, OpenLLMetry, Langfuse, the Vercel AI SDK, Claude Code and Rung itself.
/// Names of one meaning stand in the order of their power: the first that is present wins.
/// </summary>
internal static class AttributeNames
{
    // Keys under which callers name the job in the free maps of the dialects.
    private static readonly string[] JobKeys = ["rung.tag", "rung_tag", "tag", "task", "feature", "job", "use_case", "usecase", "task_name", "function"];
    private static readonly string[] FreeMaps =
        ["traceloop.association.properties.", "langfuse.observation.metadata.", "langfuse.trace.metadata.", "metadata.", "trace.metadata.", "ai.telemetry.metadata.", "gen_ai.request.metadata."];

    private static readonly (Slot Slot, string[] Names)[] Aliases =
    [
        (Slot.Operation, ["gen_ai.operation.name"]),
        (Slot.SpanKind, ["openinference.span.kind"]),
        (Slot.ObservationType, ["langfuse.observation.type"]),
        (Slot.TraceloopKind, ["traceloop.span.kind"]),
        (Slot.RequestType, ["llm.request.type"]),
        (Slot.OperationId, ["ai.operationId"]),
        (Slot.Provider, ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider"]),
        (Slot.Model,
        [
            "gen_ai.response.model", "gen_ai.request.model", "langfuse.observation.model.name", "llm.response.model_name", "llm.output_model_name", "llm.model_name",
            "llm.request.model_name", "llm.input_model_name", "embedding.model_name", "ai.response.model", "ai.model.id", "model",
        ]),
        (Slot.Input,
        [
            "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "llm.usage.prompt_tokens", "ai.usage.promptTokens",
            "ai.usage.inputTokens", "ai.usage.tokens", "input_tokens",
        ]),
        (Slot.CacheRead,
        [
            "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.input_tokens.cached", "gen_ai.usage.cached_input_tokens",
            "llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input", "llm.usage.cache_read_input_tokens", "ai.usage.cachedInputTokens",
            "ai.usage.inputTokenDetails.cacheReadTokens", "cache_read_tokens",
        ]),
        (Slot.CacheWrite,
        [
            "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
            "llm.token_count.prompt_details.cache_write", "llm.usage.cache_creation_input_tokens", "ai.usage.inputTokenDetails.cacheWriteTokens", "cache_creation_tokens",
        ]),
        (Slot.CacheWriteLong, ["rung.usage.cache_write_1h_tokens"]),
        (Slot.AudioInput, ["llm.token_count.prompt_details.audio"]),
        (Slot.Output,
        [
            "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion", "llm.usage.completion_tokens", "ai.usage.completionTokens",
            "ai.usage.outputTokens", "output_tokens",
        ]),
        (Slot.Reasoning,
        [
            "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens", "llm.token_count.completion_details.reasoning",
            "ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens",
        ]),
        (Slot.AudioOutput, ["llm.token_count.completion_details.audio"]),
        (Slot.Total, ["gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens"]),
        (Slot.UsageDetails, ["langfuse.observation.usage_details"]),
        (Slot.UsageSource, ["rung.usage.source"]),
        (Slot.ProviderMetadata, ["ai.response.providerMetadata"]),
        (Slot.Cost, ["rung.cost.usd", "gen_ai.usage.cost", "llm.cost.total", "gen_ai.cost.total_cost", "cost_usd"]),
        (Slot.CostMicros, ["cost_usd_micros"]),
        (Slot.CostDetails, ["langfuse.observation.cost_details"]),
        (Slot.ServiceTier,
        [
            "openai.response.service_tier", "gen_ai.openai.response.service_tier", "openai.request.service_tier", "gen_ai.openai.request.service_tier",
        ]),
        (Slot.Speed, ["speed"]),
        (Slot.Session, ["gen_ai.conversation.id", "session.id", "langfuse.session.id", "traceloop.association.properties.session_id", "gen_ai.session.id", "ai.telemetry.metadata.sessionId"]),
        (Slot.User, ["user.id", "langfuse.user.id", "enduser.id", "gen_ai.user", "traceloop.association.properties.user_id", "llm.user", "ai.telemetry.metadata.userId"]),
        (Slot.Tag, ["rung.tag", .. FreeMaps.SelectMany(map => JobKeys.Select(key => map + key))]),
        (Slot.Tags, ["langfuse.trace.tags", "tag.tags"]),
        (Slot.Role, ["rung.role", .. FreeMaps.Select(map => map + "role")]),
        (Slot.Metadata, ["langfuse.observation.metadata", "metadata", "langfuse.trace.metadata"]),
        (Slot.Agent, ["gen_ai.agent.name", "agent.name", "query_source", .. FreeMaps.Take(4).Select(map => map + "agent"), "gen_ai.agent.id", "agent_id"]),
        (Slot.Step,
        [
            "ai.telemetry.functionId", "langfuse.observation.prompt.name", "gen_ai.prompt.name", "traceloop.prompt.key", "traceloop.entity.name", "graph.node.name", "graph.node.id",
            "langfuse.observation.metadata.langgraph_node", "traceloop.association.properties.langgraph_node", "metadata.langgraph_node", "gen_ai.workflow.name",
        ]),
        (Slot.ToolName, ["gen_ai.tool.name", "tool.name", "ai.toolCall.name", "tool_name"]),
        (Slot.AttemptKind, ["rung.attempt.kind"]),
        (Slot.Simulated, ["rung.simulated"]),
        (Slot.Temperature, ["gen_ai.request.temperature", "llm.temperature", "ai.settings.temperature"]),
        (Slot.MaxTokens, ["gen_ai.request.max_tokens", "llm.request.max_tokens", "ai.settings.maxOutputTokens", "ai.settings.maxTokens"]),
        (Slot.OutputType, ["gen_ai.output.type", "gen_ai.openai.request.response_format", "ai.settings.output"]),
        (Slot.ResponseFormat, ["gen_ai.request.response_format", "llm.request.response_format"]),
        (Slot.ResponseSchema, ["gen_ai.request.structured_output_schema", "ai.schema", "gen_ai.output.schema"]),
        (Slot.ToolChoice, ["gen_ai.request.tool_choice", "ai.prompt.toolChoice"]),
        (Slot.Effort, ["gen_ai.request.reasoning_effort", "gen_ai.request.reasoning.effort", "gen_ai.openai.request.reasoning_effort", "llm.request.reasoning_effort", "effort"]),
        (Slot.Parameters, ["llm.invocation_parameters", "langfuse.observation.model.parameters"]),
        (Slot.ToolDefinitions, ["gen_ai.tool.definitions", "gen_ai.request.tools", "ai.prompt.tools"]),
        (Slot.FinishReasons, ["gen_ai.response.finish_reasons", "gen_ai.response.finish_reason", "llm.finish_reason", "ai.response.finishReason", "llm.response.finish_reason", "stop_reason", "finish_reason"]),
        (Slot.ToolCallsOut, ["ai.response.toolCalls"]),
        (Slot.FirstChunkSeconds, ["gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token"]),
        (Slot.FirstChunkMillis, ["ai.response.msToFirstChunk", "ttft_ms"]),
        (Slot.CompletionStart, ["langfuse.observation.completion_start_time"]),
        (Slot.ErrorType, ["error.type"]),
        (Slot.HttpStatus, ["http.response.status_code", "http.status_code", "status_code"]),
        (Slot.HttpMethod, ["http.request.method", "http.method", "db.system", "db.system.name", "messaging.system", "rpc.system"]),
        (Slot.System, ["gen_ai.system_instructions"]),
        (Slot.InputMessages, ["gen_ai.input.messages", "gen_ai.prompt", "langfuse.observation.input", "ai.prompt.messages", "ai.prompt", "input.value"]),
        (Slot.OutputMessages,
            ["gen_ai.output.messages", "gen_ai.completion", "langfuse.observation.output", "ai.response.text", "ai.response.object", "ai.result.text", "ai.result.object", "output.value"]),
        (Slot.EventContent, ["gen_ai.event.content"]),
        (Slot.EventMessage, ["message"]),
        (Slot.EventRole, ["role"]),
        (Slot.EventText, ["content"]),
        (Slot.EvaluationName, ["gen_ai.evaluation.name"]),
        (Slot.EvaluationScore, ["gen_ai.evaluation.score.value"]),
        (Slot.EvaluationLabel, ["gen_ai.evaluation.score.label"]),
        (Slot.ExceptionType, ["exception.type"]),
        (Slot.EventName, ["event.name"]),
        (Slot.Duration, ["duration_ms"]),
        (Slot.Request, ["request_id"]),
        (Slot.Service, ["service.name"]),
    ];

    private const int Buckets = 1024; // A power of two, about four times the names.
    private static readonly (byte[] Name, Slot Slot, byte Rank)[] Table = Build();

    /// <summary>Rank of the names that Claude Code gives its token counts: they count as Anthropic's own, cached input beside the input.</summary>
    public static byte ClaudeCodeInputRank { get; } = Find("input_tokens"u8).Rank;

    /// <summary>Where an attribute goes. Runs once per attribute of every span.</summary>
    /// <param name="name">Its name in UTF-8.</param>
    public static AttributeTarget Find(ReadOnlySpan<byte> name)
    {
        for (var at = Hash(name); Table[at].Name is { } known; at = (at + 1) & (Buckets - 1))
        {
            if (name.SequenceEqual(known)) return new AttributeTarget(Table[at].Slot, Table[at].Rank, MessagePart.None, IsOutput: false, 0, 0);
        }
        if (name.Length < 10) return default;
        if (name.StartsWith("gen_ai.prompt."u8)) return Message(name[14..], isOutput: false);
        if (name.StartsWith("gen_ai.completion."u8)) return Message(name[18..], isOutput: true);
        if (!name.StartsWith("llm."u8)) return default;
        if (name.StartsWith("llm.input_messages."u8)) return Message(name[19..], isOutput: false);
        if (name.StartsWith("llm.output_messages."u8)) return Message(name[20..], isOutput: true);
        if (name.StartsWith("llm.tools."u8)) return Tool(name[10..]);
        return name.StartsWith("llm.request.functions."u8) ? Tool(name[22..]) : default;
    }

    // N.role, N.content, N.tool_calls.M.name, N.finish_reason; OpenInference: N.message.content, N.message.contents.M.message_content.text,
    // N.message.tool_calls.M.tool_call.function.name.
    private static AttributeTarget Message(ReadOnlySpan<byte> rest, bool isOutput)
    {
        if (!TryIndex(ref rest, out var index)) return default;
        if (rest.StartsWith("message."u8)) rest = rest[8..];
        if (rest.SequenceEqual("role"u8)) return Part(MessagePart.Role, isOutput, index, 0);
        if (rest.SequenceEqual("content"u8)) return Part(MessagePart.Text, isOutput, index, 0);
        if (rest.SequenceEqual("finish_reason"u8)) return Part(MessagePart.FinishReason, isOutput, index, 0);
        if (rest.StartsWith("contents."u8))
        {
            rest = rest[9..];
            return TryIndex(ref rest, out var piece) && rest.SequenceEqual("message_content.text"u8) ? Part(MessagePart.Text, isOutput, index, piece + 1) : default;
        }
        if (rest.StartsWith("tool_calls."u8))
        {
            rest = rest[11..];
            if (!TryIndex(ref rest, out var call)) return default;
            return rest.SequenceEqual("name"u8) || rest.SequenceEqual("tool_call.function.name"u8) ? Part(MessagePart.ToolCall, isOutput, index, call) : default;
        }
        return rest.SequenceEqual("function_call.name"u8) || rest.SequenceEqual("function_call_name"u8) ? Part(MessagePart.ToolCall, isOutput, index, 0) : default;
    }

    private static AttributeTarget Tool(ReadOnlySpan<byte> rest)
    {
        if (!TryIndex(ref rest, out var index)) return default;
        if (rest.SequenceEqual("name"u8) || rest.SequenceEqual("tool.name"u8)) return Part(MessagePart.ToolName, isOutput: false, index, 0);
        return rest.SequenceEqual("tool.json_schema"u8) ? Part(MessagePart.ToolDefinition, isOutput: false, index, 0) : default;
    }

    private static AttributeTarget Part(MessagePart part, bool isOutput, int index, int subIndex) => new(Slot.None, 0, part, isOutput, index, subIndex);

    private static bool TryIndex(ref ReadOnlySpan<byte> rest, out int index)
    {
        index = 0;
        var dot = rest.IndexOf((byte)'.');
        if (dot is < 1 or > 5) return false;
        foreach (var digit in rest[..dot])
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            index = index * 10 + (digit - '0');
        }
        rest = rest[(dot + 1)..];
        return true;
    }

    // Names share their beginnings, so the middle and the end tell them apart.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        ulong mixed;
        if (name.Length >= 8)
        {
            mixed = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]) * 0x9E3779B97F4A7C15;
            mixed ^= BinaryPrimitives.ReadUInt64LittleEndian(name[(name.Length / 2 - 4)..]) * 0xC2B2AE3D27D4EB4F;
        }
        else
        {
            mixed = 0;
            foreach (var letter in name) mixed = (mixed ^ letter) * 0x100000001B3;
        }
        mixed = (mixed ^ (uint)name.Length) * 0xD6E8FEB86659FD93;
        return (int)(mixed >> 54);
    }

    private static (byte[] Name, Slot Slot, byte Rank)[] Build()
    {
        var table = new (byte[] Name, Slot Slot, byte Rank)[Buckets];
        foreach (var (slot, names) in Aliases)
        {
            for (var rank = 0; rank < names.Length; rank++)
            {
                var name = Encoding.UTF8.GetBytes(names[rank]);
                var at = Hash(name);
                while (table[at].Name is not null) at = (at + 1) & (Buckets - 1);
                table[at] = (name, slot, (byte)rank);
            }
        }
        return table;
    }
}
