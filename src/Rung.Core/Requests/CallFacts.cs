namespace Rung.Core.Requests;

/// <summary>What a call needs of the model that answers it.</summary>
[Flags]
public enum ModelNeeds
{
    /// <summary>Text in, text out.</summary>
    None = 0,
    /// <summary>The call declares tools.</summary>
    Tools = 1,
    /// <summary>The call carries images.</summary>
    Vision = 2,
    /// <summary>The call asks for output that follows a JSON Schema.</summary>
    JsonSchema = 4,
    /// <summary>The call carries or asks for audio.</summary>
    Audio = 8,
    /// <summary>The call carries files (PDF and the like).</summary>
    Files = 16,
    /// <summary>The call asks for token log-probabilities.</summary>
    Logprobs = 32,
}

/// <summary>Where the tag of a call was found.</summary>
public enum TagSource : byte
{
    /// <summary>The call carried no tag, or one that the policy does not know: the default route served it.</summary>
    None = 0,
    /// <summary>Header <c>x-rung-tag</c>.</summary>
    Header = 1,
    /// <summary><c>metadata.rung_tag</c> or <c>metadata.tag</c> in the body.</summary>
    Metadata = 2,
    /// <summary><c>model: "rung/&lt;tag&gt;"</c>.</summary>
    Model = 3,
    /// <summary>The tag convention of another gateway or of a tracing library.</summary>
    Convention = 4,
    /// <summary>W3C baggage <c>rung.tag</c>.</summary>
    Baggage = 5,
}

/// <summary>All that a decision may know about a call. Same facts and same policy, same decision.</summary>
public readonly record struct CallFacts
{
    /// <summary>The tag as the client gave it, already normalised to <c>[a-z0-9._-]{1,64}</c>; null when there was none.</summary>
    public string? Tag { get; init; }
    /// <summary>Where the tag was found.</summary>
    public TagSource TagSource { get; init; }
    /// <summary>The part an agent plays, normalised as the tag is; null when there was none.</summary>
    public string? Role { get; init; }
    /// <summary>Who asks: tenant or team, for pins; null when unknown.</summary>
    public string? Tenant { get; init; }
    /// <summary>End user, for pins and for the ledger; null when unknown.</summary>
    public string? User { get; init; }
    /// <summary>Data class that the client declared (for example <c>phi</c>), for pins; null when none.</summary>
    public string? DataClass { get; init; }
    /// <summary>What the answering model must be able to do.</summary>
    public ModelNeeds Needs { get; init; }
    /// <summary>Estimated tokens of the prompt (bytes of the body divided by 4), at least 0.</summary>
    public int EstimatedInputTokens { get; init; }
    /// <summary>The output cap that the client asked for, in tokens; 0 when it asked for none.</summary>
    public int RequestedMaxTokens { get; init; }
}
