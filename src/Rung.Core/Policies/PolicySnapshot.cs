using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Prices;
using Rung.Core.Requests;

namespace Rung.Core.Policies;

/// <summary>
/// One immutable, compiled revision of a policy: what the hot path reads. Swapped whole, never changed.
/// </summary>
public sealed class PolicySnapshot
{
    /// <summary>Number of the revision in the store; 0 for one that was never stored.</summary>
    public required long Revision { get; init; }
    /// <summary>SHA-256 of the policy's text and of every file it includes, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }
    /// <summary>Name of the policy, for people; null when not stated.</summary>
    public string? Name { get; init; }
    /// <summary>The ladder, cheapest rung first; at least one.</summary>
    public required ImmutableArray<Tier> Ladder { get; init; }
    /// <summary>Every model; a model's <see cref="Model.Index"/> is its place here.</summary>
    public required ImmutableArray<Model> Models { get; init; }
    /// <summary>Routes by tag.</summary>
    public required FrozenDictionary<string, Route> Tags { get; init; }
    /// <summary>Routes by role, for calls whose tag has no route of its own.</summary>
    public required FrozenDictionary<string, Route> Roles { get; init; }
    /// <summary>The route of everything else.</summary>
    public required Route Default { get; init; }
    /// <summary>Hard constraints, in the order of the document.</summary>
    public required ImmutableArray<Pin> Pins { get; init; }
    /// <summary>The model whose price is the baseline: the first of the reference tier.</summary>
    public required Model BaselineModel { get; init; }
    /// <summary>The tier that savings and quality are measured against; the last one unless the policy marks another.</summary>
    public Tier ReferenceTier { get => field ?? Ladder[^1]; init; }
    /// <summary>Times and counts that bound every call.</summary>
    public required CallLimits Limits { get; init; }
    /// <summary>Programs that checks may run, by name.</summary>
    public FrozenDictionary<string, AllowedCommand> Commands { get; init; } = FrozenDictionary<string, AllowedCommand>.Empty;
    /// <summary>Verifiers outside the process, by name.</summary>
    public FrozenDictionary<string, OutsideVerifier> OutsideVerifiers { get; init; } = FrozenDictionary<string, OutsideVerifier>.Empty;
    /// <summary>Verifiers that were trained, by name: they run in process.</summary>
    public FrozenDictionary<string, TrainedFile> TrainedVerifiers { get; init; } = FrozenDictionary<string, TrainedFile>.Empty;

    /// <summary>Patterns of text that is never kept, by name, beside the built-in kinds.</summary>
    public FrozenDictionary<string, string> Redactions { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the control loop may do, what it watches, and whom it tells.</summary>
    public ControlTerms Control { get; init; } = new();

    /// <summary>The same policy under a revision number.</summary>
    public PolicySnapshot WithRevision(long revision) => new()
    {
        Revision = revision, Hash = Hash, Name = Name, Ladder = Ladder, Models = Models, Tags = Tags, Roles = Roles,
        Default = Default, Pins = Pins, BaselineModel = BaselineModel, ReferenceTier = ReferenceTier, Limits = Limits,
        Commands = Commands, OutsideVerifiers = OutsideVerifiers, TrainedVerifiers = TrainedVerifiers, Redactions = Redactions,
        Control = Control,
    };
}

/// <summary>One rung: a named level of the ladder.</summary>
public sealed record Tier
{
    /// <summary>Place on the ladder, 0 is the cheapest.</summary>
    public required int Index { get; init; }
    /// <summary>Name, for example <c>small</c>.</summary>
    public required string Name { get; init; }
    /// <summary>The pool: models that can stand in for one another.</summary>
    public required ModelSet Pool { get; init; }
}

/// <summary>One deployment of a model: where it is, what it costs, what it can do.</summary>
public sealed record Model
{
    /// <summary>Place in <see cref="PolicySnapshot.Models"/>, 0 to 127.</summary>
    public required int Index { get; init; }
    /// <summary>The policy's name.</summary>
    public required string Name { get; init; }
    /// <summary>Provider, for example openai, azure, openai-compatible.</summary>
    public required string Provider { get; init; }
    /// <summary>The upstream's id: what is written into the request's <c>model</c>.</summary>
    public required string UpstreamId { get; init; }
    /// <summary>Base URL, without <c>/chat/completions</c>: <c>https://api.openai.com/v1</c>.</summary>
    public required Uri BaseUrl { get; init; }
    /// <summary>Where the key is; null for an upstream without a key. Never the key itself.</summary>
    public SecretReference? Key { get; init; }
    /// <summary>How the key travels.</summary>
    public KeyHeader KeyHeader { get; init; }
    /// <summary>Value of the <c>api-version</c> query parameter (Azure's older endpoint); null for none.</summary>
    public string? ApiVersion { get; init; }
    /// <summary>Price by tokens; null when unknown or when the model costs by the hour.</summary>
    public PriceSchedule? Price { get; init; }
    /// <summary>Price by the hour; null for a model that costs by tokens.</summary>
    public HourlyPrice? Hourly { get; init; }
    /// <summary>Region or jurisdiction, for people and pins; null when not stated.</summary>
    public string? Region { get; init; }
    /// <summary>What it can do.</summary>
    public required ModelNeeds Can { get; init; }
    /// <summary>Context window in tokens; 0 when unknown (then never a reason to drop it).</summary>
    public int Context { get; init; }
    /// <summary>Most output tokens; 0 when unknown.</summary>
    public int MaxOutput { get; init; }
    /// <summary>How an output cap is called: reasoning models of OpenAI take only <c>max_completion_tokens</c>, many others only <c>max_tokens</c>.</summary>
    public CapField CapField { get; init; }
    /// <summary>Whether <c>temperature</c> may be sent; when false it is removed.</summary>
    public bool AcceptsTemperature { get; init; } = true;
    /// <summary>Whether <c>stream_options</c> may be sent (Mistral refuses it).</summary>
    public bool AcceptsStreamOptions { get; init; } = true;
    /// <summary>Smaller is tried first; models of equal priority share by weight.</summary>
    public int Priority { get; init; } = 1;
    /// <summary>Share among models of equal priority, 1 to 1000.</summary>
    public int Weight { get; init; } = 1;
}

/// <summary>How a key travels to the upstream.</summary>
public enum KeyHeader : byte
{
    /// <summary><c>Authorization: Bearer …</c></summary>
    Bearer = 0,
    /// <summary><c>api-key: …</c> (Azure).</summary>
    ApiKey = 1,
}

/// <summary>How an output cap is written for a model.</summary>
public enum CapField : byte
{
    /// <summary>Whatever the client used; <c>max_completion_tokens</c> when Rung adds one.</summary>
    AsGiven = 0,
    /// <summary>Only <c>max_tokens</c>.</summary>
    MaxTokens = 1,
    /// <summary>Only <c>max_completion_tokens</c>.</summary>
    MaxCompletionTokens = 2,
}

/// <summary>Where a secret is: an environment variable or a file.</summary>
/// <param name="Environment">Name of the variable; null when it is a file.</param>
/// <param name="File">Path of the file; null when it is a variable.</param>
public sealed record SecretReference(string? Environment, string? File);

/// <summary>A model that costs by the hour, used or not.</summary>
/// <param name="NanoUsdPerHour">Nano-USD an hour.</param>
/// <param name="Slots">How many calls it serves at once, at least 1.</param>
public sealed record HourlyPrice(long NanoUsdPerHour, int Slots);

/// <summary>A hard constraint: calls that match may only ever reach the listed models, on every hop.</summary>
public sealed record Pin
{
    /// <summary>Name for people: the <c>name</c> of the document, else <c>pin 1</c>, <c>pin 2</c>…</summary>
    public required string Name { get; init; }
    /// <summary>Conditions, all of which must hold; a null one does not matter.</summary>
    public string? DataClass { get; init; }
    /// <inheritdoc cref="DataClass"/>
    public string? Tag { get; init; }
    /// <inheritdoc cref="DataClass"/>
    public string? Role { get; init; }
    /// <inheritdoc cref="DataClass"/>
    public string? Tenant { get; init; }
    /// <inheritdoc cref="DataClass"/>
    public string? User { get; init; }
    /// <summary>The only models that matching calls may reach.</summary>
    public required ModelSet Models { get; init; }
    /// <summary>Why.</summary>
    public string? Why { get; init; }
}

/// <summary>Times and counts that bound every call. A route may narrow them.</summary>
public sealed record CallLimits
{
    /// <summary>How long a connection may take.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>How long a model may stay silent before its first byte of content.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(120);
    /// <summary>How long a stream may pause between two chunks.</summary>
    public TimeSpan BetweenChunks { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Limit of the whole call, all attempts together.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary>Most attempts a call may take, all kinds together, 1 to 16.</summary>
    public int Attempts { get; init; } = 5;
    /// <summary>Largest request body in bytes.</summary>
    public long RequestBytes { get; init; } = 32 * 1024 * 1024;
    /// <summary>Largest reply in bytes that is held in memory.</summary>
    public long ReplyBytes { get; init; } = 32 * 1024 * 1024;
}
