using System.Collections.Immutable;
using Rung.Core.Policies.Compiling;

namespace Rung.Core.Policies.Reading;

/// <summary>Every key of the policy document: its type, range and meaning.</summary>
internal static class PolicyShape
{
    public const int MostTiers = 16;
    public const int MostTags = 4096;
    public const int MostRoles = 512;
    public const int MostPins = 256;
    public const int MostChecks = 32;
    public const string NamePattern = "^[a-z0-9._-]{1,64}$";
    public const string DefaultName = "default";

    private static readonly TextShape Name = new() { Longest = 64, Pattern = NamePattern, PatternInWords = "a name of 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'" };
    private static readonly TextShape Text = new();
    private static readonly TextShape Prose = new() { Longest = 2000 };
    private static readonly BooleanShape Boolean = new();
    private static readonly NumberShape PerMillion = new(0, 1_000_000, Decimals: 6);
    private static readonly NumberShape Usd = new(0, 1_000_000, Decimals: 9);
    private static readonly NumberShape AnyNumber = new(decimal.MinValue, decimal.MaxValue, Decimals: 28);
    private static readonly NumberShape Seconds = new(0.1m, 7200, Decimals: 3);

    private static readonly ObjectShape Key = new("key",
    [
        new("env", new TextShape { Longest = 128, Pattern = "^[A-Za-z_][A-Za-z0-9_]{0,127}$", PatternInWords = "the bare name of an environment variable", IsSensitive = true }, "Name of the environment variable that holds the key."),
        new("file", new TextShape { IsSensitive = true }, "Path of the file that holds the key."),
    ]) { IsOneKey = true };

    private static readonly ObjectShape PriceTier = new("price_tier",
    [
        new("above_input", new IntegerShape(1, 100_000_000), "Input tokens above which these rates apply to the whole request.") { IsRequired = true },
        new("input", PerMillion, "Uncached input.") { IsRequired = true },
        new("output", PerMillion, "Output, reasoning included.") { IsRequired = true },
        new("cached_input", PerMillion, "Input read from a cache."),
        new("cache_write", PerMillion, "Input written to a short-lived cache."),
    ]);

    private static readonly ObjectShape Price = new("price",
    [
        new("input", PerMillion, "Uncached input.") { IsRequired = true },
        new("output", PerMillion, "Output, reasoning included.") { IsRequired = true },
        new("cached_input", PerMillion, "Input read from a cache."),
        new("cache_write", PerMillion, "Input written to a short-lived cache."),
        new("cache_write_long", PerMillion, "Input written to a long-lived cache."),
        new("audio_input", PerMillion, "Audio input."),
        new("audio_output", PerMillion, "Audio output."),
        new("tiers", new ListShape(PriceTier, 1, 8), "Rates for long inputs, lowest threshold first."),
    ]);

    private static readonly ObjectShape HourlyCost = new("cost",
    [
        new("usd_per_hour", Usd, "What the model costs an hour, used or not, in USD.") { IsRequired = true },
        new("slots", new IntegerShape(1, 10_000), "How many calls it serves at once.") { IsRequired = true },
    ]);

    private static readonly ObjectShape Model = new("model",
    [
        new("provider", new TextShape { Words = [.. Providers.Names] }, "Who serves it; decides the defaults of url, key and quirks.") { IsRequired = true },
        new("id", Text, "The provider's model id (Azure: the deployment): what is written into the request.") { IsRequired = true },
        new("url", new TextShape { IsSensitive = true }, "Base URL without /chat/completions."),
        new("key", Key, "Where the API key is. Never the key itself."),
        new("key_header", new TextShape { Words = ["bearer", "api-key"] }, "How the key travels."),
        new("api_version", new TextShape { Longest = 64 }, "Azure's api-version query parameter, for its older endpoint."),
        new("price", Price, "Price in USD per million tokens; wins over the price book."),
        new("cost", HourlyCost, "Price by the hour, for a model of your own."),
        new("region", new TextShape { Longest = 64 }, "Region or jurisdiction, for people."),
        new("context", new IntegerShape(1, 100_000_000), "Context window in tokens."),
        new("max_output", new IntegerShape(1, 100_000_000), "Most output tokens."),
        new("can", new ListShape(new TextShape { Words = [.. Capabilities.Names] }, 0, 6), "What the model can do; a call that needs more is not sent to it."),
        new("temperature", Boolean, "Whether temperature may be sent."),
        new("stream_options", Boolean, "Whether stream_options may be sent."),
        new("cap_field", new TextShape { Words = ["as_given", "max_tokens", "max_completion_tokens"] }, "How an output cap is called."),
        new("priority", new IntegerShape(1, 100), "Smaller is tried first within a pool."),
        new("weight", new IntegerShape(1, 1000), "Share among models of equal priority."),
    ]);

    private static readonly ObjectShape Tier = new("tier",
    [
        new("models", new ListShape(Name, 1, ModelSet.Capacity), "The pool: models that can stand in for one another.") { IsRequired = true },
        new("reference", Boolean, "Marks the tier that savings and quality are measured against; else it is the last one."),
    ]);

    private static readonly TextShape Field = new() { Longest = 256 };

    private static readonly ListShape AllowedValues = new(new TextShape { IsVerbatim = true }, 1, 1000);

    private static readonly TextShape RegexText = new() { Longest = 4000, IsVerbatim = true };

    private static readonly ObjectShape CheckMap = new("check",
    [
        new("json", new TextShape { Words = ["true"] }, "The answer is one JSON value."),
        new("schema", Text, "The answer is JSON that follows the JSON Schema in this file (path relative to the policy)."),
        new("required", new ListShape(Field, 1, 256), "The answer is a JSON object that has these fields, none of them null."),
        new("allowed", new ChoiceShape([AllowedValues, new ObjectShape("allowed",
        [
            new("values", AllowedValues, "The allowed values.") { IsRequired = true },
            new("field", Field, "Path of a JSON field; else the whole answer."),
            new("normalised", Boolean, "Compare without regard to case, quotes, a final full stop and white space."),
        ])]), "The answer, or one of its fields, is one of these values."),
        new("regex", new ChoiceShape([RegexText, new ObjectShape("regex",
        [
            new("pattern", RegexText, "The regular expression.") { IsRequired = true },
            new("match", Boolean, "Whether the answer must match; false: it must not."),
            new("limit_ms", new IntegerShape(1, 1000), "Time limit in milliseconds."),
        ])]), "The answer matches a regular expression."),
        new("length", new ObjectShape("length",
        [
            new("min", new IntegerShape(0, 100_000_000), "Least characters."),
            new("max", new IntegerShape(0, 100_000_000), "Most characters."),
        ]) { NeedsAny = true }, "The answer's length in characters lies within bounds."),
        new("bounds", new ObjectShape("bounds",
        [
            new("field", Field, "Path of a JSON field; else the whole answer."),
            new("min", AnyNumber, "Least value."),
            new("max", AnyNumber, "Greatest value."),
        ]), "A number lies within bounds."),
        new("tool_calls", new TextShape { Words = ["true", "required"] }, "Tool calls name declared tools with JSON arguments; required: there is at least one."),
    ]) { IsOneKey = true };

    private static readonly ListShape Checks = new(new ChoiceShape([new TextShape { Words = ["json"] }, CheckMap]), 0, MostChecks);

    private static readonly ChoiceShape Escalate = new([new TextShape { Words = ["none"] }, new ObjectShape("escalate",
    [
        new("to", Name, "The tier to climb to.") { IsRequired = true },
        new("on", new ListShape(new TextShape { Words = [.. ClimbCauses.Names] }, 1, 5), "What makes a call climb; all five when left out."),
        new("times", new IntegerShape(1, 15), "Most climbs of one call."),
        new("exhausted", new TextShape { Words = ["last_answer", "error"] }, "What the client gets when the last rung's answer failed too."),
        new("max_usd", Usd, "A call that has already cost this much does not climb."),
        new("max_seconds", Seconds, "A call that has already taken this long does not climb."),
    ])]);

    private static readonly ObjectShape Floor = new("floor",
    [
        new("verdict", new TextShape { Words = ["judge", "verifier", "check", "feedback", "override"] }, "Which verdicts measure quality.") { IsRequired = true },
        new("at_least", new NumberShape(0, 1, Decimals: 6), "Least mean score.") { IsRequired = true },
        new("of", Name, "The tier it is measured against; else the floor is absolute."),
    ]);

    private static readonly ObjectShape Ceiling = new("ceiling",
    [
        new("usd_per_call", Usd, "Most USD a call."),
        new("usd_per_session", Usd, "Most USD a session."),
        new("usd_per_day", Usd, "Most USD a day."),
    ]) { NeedsAny = true };

    private static readonly ObjectShape Limits = new("limits",
    [
        new("connect_seconds", new NumberShape(0.1m, 60, Decimals: 3), "How long a connection may take."),
        new("first_byte_seconds", Seconds, "How long a model may stay silent before its first byte."),
        new("between_chunks_seconds", Seconds, "How long a stream may pause."),
        new("total_seconds", Seconds, "Limit of the whole call, all attempts together."),
        new("attempts", new IntegerShape(1, 16), "Most attempts of a call, all kinds together."),
        new("request_mb", new IntegerShape(1, 256), "Largest request body in MiB."),
        new("reply_mb", new IntegerShape(1, 256), "Largest reply in MiB that is held in memory."),
    ]);

    private static readonly ImmutableArray<ShapeKey> RouteKeys =
    [
        new("tier", Name, "The rung to start at."),
        new("owner", Text, "Who answers for it."),
        new("why", Prose, "Why this tier."),
        new("max_tokens", new IntegerShape(1, 100_000_000), "Most output tokens; the client's smaller value stands."),
        new("temperature", new ObjectShape("temperature", [new("max", new NumberShape(0, 2, Decimals: 6), "Highest temperature.") { IsRequired = true }]), "Cap on temperature; the client's smaller value stands."),
        new("checks", Checks, "What catches a bad answer, in order."),
        new("escalate", Escalate, "Where a failed call goes; none: nowhere, whatever the role says."),
        new("floor", Floor, "Least acceptable quality."),
        new("ceiling", Ceiling, "Most acceptable cost."),
        new("user_visible", Boolean, "Whether a person reads the answer as it is."),
        new("data_class", Name, "Data class of everything on this route, for pins."),
        new("limits", Limits, "Narrower limits than the policy's."),
    ];

    private static readonly ObjectShape Role = new("role", Required(RouteKeys, "tier"));

    private static readonly ObjectShape Tag = new("tag",
    [
        new("role", Name, "The role whose settings hold where the tag says nothing."),
        .. RouteKeys,
        new("evidence", Prose, "What proved this tier: a path or a link."),
    ]);

    private static readonly ObjectShape Default = new("default", Required(RouteKeys, "tier"));

    private static readonly TextShape Who = new() { Longest = 256 };

    private static readonly ObjectShape Pin = new("pin",
    [
        new("name", new TextShape { Longest = 64 }, "Name for people."),
        new("when", new ObjectShape("when",
        [
            new("data_class", Name, "The data class of the call or of its route."),
            new("tag", Name, "The tag."),
            new("role", Name, "The role."),
            new("tenant", Who, "Who asks."),
            new("user", Who, "The end user."),
        ]) { NeedsAny = true }, "Conditions, all of which must hold.") { IsRequired = true },
        new("models", new ListShape(Name, 1, ModelSet.Capacity), "The only models that matching calls may reach.") { IsRequired = true },
        new("why", Prose, "Why."),
    ]);

    /// <summary>The whole document.</summary>
    public static ObjectShape Document { get; } = new("policy",
    [
        new("version", new IntegerShape(1, 1), "Version of this format.") { IsRequired = true },
        new("name", new TextShape { Longest = 128 }, "Name of the policy, for people."),
        new("tiers", new NamedShape("tier", Tier, 1, MostTiers), "The ladder, cheapest tier first.") { IsRequired = true },
        new("models", new NamedShape("model", Model, 1, ModelSet.Capacity), "The models.") { IsRequired = true },
        new("roles", new NamedShape("role", Role, 0, MostRoles), "The parts that agents play."),
        new("tags", new NamedShape("tag", Tag, 0, MostTags), "The jobs that calls do."),
        new("default", Default, "The route of every other call.") { IsRequired = true },
        new("pins", new ListShape(Pin, 0, MostPins), "Hard constraints, asserted on every hop."),
        new("limits", Limits, "Times and counts that bound every call."),
    ]);

    private static ImmutableArray<ShapeKey> Required(ImmutableArray<ShapeKey> keys, string name) =>
        [.. keys.Select(key => key.Name == name ? key with { IsRequired = true } : key)];
}
