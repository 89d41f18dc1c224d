namespace Rung.Control.Imports.Otlp;

/// <summary>What an attribute of a span means to an import, whatever its dialect calls it.</summary>
internal enum Slot : byte
{
    None,
    Operation, SpanKind, ObservationType, TraceloopKind, RequestType, OperationId,
    Provider, Model,
    Input, CacheRead, CacheWrite, CacheWriteLong, AudioInput, Output, Reasoning, AudioOutput, Total, UsageDetails, UsageSource, ProviderMetadata,
    Cost, CostMicros, CostDetails, ServiceTier, Speed,
    Session, User, Tag, Tags, Role, Metadata,
    Agent, Step, ToolName, AttemptKind, Simulated,
    Temperature, MaxTokens, OutputType, ResponseFormat, ResponseSchema, ToolChoice, Effort, Parameters, ToolDefinitions,
    FinishReasons, ToolCallsOut, FirstChunkSeconds, FirstChunkMillis, CompletionStart,
    ErrorType, HttpStatus, HttpMethod,
    System, InputMessages, OutputMessages,
    EventContent, EventMessage, EventRole, EventId, EventText,
    EvaluationName, EvaluationScore, EvaluationLabel, ExceptionType,
    EventName, Duration, Request, Service,
    Count,
}

/// <summary>Which part of a message an indexed attribute (<c>gen_ai.prompt.3.role</c>) is.</summary>
internal enum MessagePart : byte
{
    None,
    Role,
    Text,
    /// <summary>A whole message as JSON, out of an event.</summary>
    Body,
    ToolCall,
    FinishReason,
    /// <summary>Name of a tool that was declared.</summary>
    ToolName,
    /// <summary>Definition of a tool that was declared, as JSON.</summary>
    ToolDefinition,
}

/// <summary>Where an attribute goes.</summary>
/// <param name="Slot">Its meaning; <see cref="Slot.None"/> when it is indexed, or nobody wants it.</param>
/// <param name="Rank">Among the names of one meaning the lower one wins.</param>
/// <param name="Part">For an indexed attribute, which part.</param>
/// <param name="IsOutput">For an indexed attribute, whether it belongs to the answer.</param>
/// <param name="Index">For an indexed attribute, of which message or tool.</param>
/// <param name="SubIndex">Its piece within the message.</param>
internal readonly record struct AttributeTarget(Slot Slot, byte Rank, MessagePart Part, bool IsOutput, int Index, int SubIndex)
{
    public bool IsWanted => Slot != Slot.None || Part != MessagePart.None;
}
