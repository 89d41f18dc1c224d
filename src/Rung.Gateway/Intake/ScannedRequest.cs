using Rung.Core.Requests;

namespace Rung.Gateway.Intake;

/// <summary>What one pass over a chat-completions body found: the places of the governed fields, and the facts that a decision needs.</summary>
internal struct ScannedRequest
{
    public FieldSpan Messages;
    public FieldSpan Model;
    public FieldSpan MaxTokens;
    public FieldSpan MaxCompletionTokens;
    public FieldSpan Temperature;
    public FieldSpan Stream;
    public FieldSpan StreamOptions;
    public FieldSpan Metadata;
    public FieldSpan Tags;
    public FieldSpan Tools;

    /// <summary>Offset just behind the opening brace: where added fields go.</summary>
    public int InsertAt;
    public bool IsStream;
    /// <summary>The client itself asked for the usage chunk of a stream.</summary>
    public bool WantsUsage;
    public bool HasMessages;
    /// <summary>Cap that the client asked for: the smaller of the two spellings; 0 for none.</summary>
    public int RequestedMaxTokens;
    /// <summary>Temperature that the client asked for; null for none.</summary>
    public double? RequestedTemperature;
    /// <summary>The model name as the client wrote it.</summary>
    public string? ModelName;
    public string? User;
    public ModelNeeds Needs;
    public MetadataFacts FromMetadata;
    /// <summary>First of LiteLLM's top-level <c>tags</c>.</summary>
    public string? FirstTag;
    /// <summary>OpenRouter's top-level <c>session_id</c>.</summary>
    public string? SessionId;
    /// <summary>OpenAI's <c>safety_identifier</c>.</summary>
    public string? SafetyIdentifier;
}

/// <summary>What <c>metadata</c> says about a call.</summary>
internal struct MetadataFacts
{
    public string? RungTag;
    public string? Tag;
    public string? FirstTag;
    public string? RungRole;
    public string? Role;
    public string? Session;
    public string? User;
    public string? DataClass;
    /// <summary>A data class stands there that is neither a text nor a list of texts.</summary>
    public bool DataClassIsUnclear;
    public string? Tenant;
    /// <summary>Langfuse's <c>generation_name</c>: usually the call site.</summary>
    public string? GenerationName;
    /// <summary>Whether anything in it must not travel on: keys of Rung, or an array where OpenAI takes only strings.</summary>
    public bool MustBeTrimmed;
}
