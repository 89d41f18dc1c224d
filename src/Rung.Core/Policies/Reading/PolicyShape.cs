using System.Collections.Immutable;
using Rung.Core.Policies.Compiling;
using static Rung.Core.Policies.Reading.CommonShapes;

namespace Rung.Core.Policies.Reading;

/// <summary>Every key of the policy document: its type, range and meaning.</summary>
internal static class PolicyShape
{
    public const int MostTiers = 16;
    public const int MostTags = 4096;
    public const int MostRoles = 512;
    public const int MostPins = 256;
    public const int MostVerifiers = 64;
    public const int MostCommands = 64;
    public const int MostRedactions = 64;
    public const string NamePattern = "^[a-z0-9._-]{1,64}$";
    public const string DefaultName = "default";

    private static readonly NumberShape PerMillion = new(0, 1_000_000, Decimals: 6);
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
        new("temperature", Flag, "Whether temperature may be sent."),
        new("stream_options", Flag, "Whether stream_options may be sent."),
        new("cap_field", new TextShape { Words = ["as_given", "max_tokens", "max_completion_tokens"] }, "How an output cap is called."),
        new("priority", new IntegerShape(1, 100), "Smaller is tried first within a pool."),
        new("weight", new IntegerShape(1, 1000), "Share among models of equal priority."),
    ]);

    private static readonly ObjectShape Tier = new("tier",
    [
        new("models", new ListShape(Name, 1, ModelSet.Capacity), "The pool: models that can stand in for one another.") { IsRequired = true },
        new("reference", Flag, "Marks the tier that savings and quality are measured against; else it is the last one."),
    ]);

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

    private static readonly ChoiceShape Stream = new([new TextShape { Words = ["hold", "pass"] }, new ObjectShape("stream",
    [
        new("hold_until", new TextShape { Words = ["first_valid_prefix"] }, "Hold until the beginning is whole and valid; a doomed beginning still climbs.") { IsRequired = true },
    ])]);

    private static readonly ChoiceShape Capture = new([new TextShape { Words = ["none"] }, new ObjectShape("capture",
    [
        new("sample", new NumberShape(0, 1, Decimals: 6), "Share of the calls whose content is kept.") { IsRequired = true },
        new("keep_days", new IntegerShape(1, 3650), "How long it is kept."),
        new("max_kb", new IntegerShape(1, 16_384), "Largest prompt and answers together, in KiB; a larger call is not kept."),
        new("redact", new ListShape(Name, 0, 64), "What is blotted out before anything is stored; every kind when left out."),
    ])]);

    private static readonly ObjectShape Eval = new("eval",
    [
        new("score", new TextShape { Words = [.. EvalTerms.ScoreWords] }, "How an answer is graded."),
        new("tolerance", new NumberShape(0, 1_000_000, Decimals: 9), "numeric: greatest difference that counts as equal."),
        new("pattern", Prose, "regex: what of both answers is compared, its first group or the whole match."),
        new("schema", Text, "schema: path of the JSON Schema."),
        new("command", Name, "code: name of a command of this policy."),
        new("rubric", new TextShape { Longest = 8000 }, "rubric and pairwise: what a good answer is."),
        new("judge", Name, "rubric and pairwise: the tag whose route asks the judge."),
        new("judge_kappa", Share, "Least agreement of the judge with people (Cohen's kappa) for it to open a gate."),
        new("margin", new NumberShape(0, 0.5m, Decimals: 6), "How much worse than the reference a model may be, as a difference of mean scores."),
        new("confidence", new NumberShape(0.5m, 0.999m, Decimals: 6), "How sure that must be."),
        new("max_age_days", new IntegerShape(1, 3650), "Evidence older than this is out of date."),
    ]);

    private static readonly ImmutableArray<ShapeKey> RouteKeys =
    [
        new("tier", Name, "The rung to start at."),
        new("owner", Text, "Who answers for it."),
        new("why", Prose, "Why this tier."),
        new("max_tokens", new IntegerShape(1, 100_000_000), "Most output tokens; the client's smaller value stands."),
        new("temperature", new ObjectShape("temperature", [new("max", new NumberShape(0, 2, Decimals: 6), "Highest temperature.") { IsRequired = true }]), "Cap on temperature; the client's smaller value stands."),
        new("checks", CheckShape.List, "What catches a bad answer, in order."),
        new("stream", Stream, "When the first byte of a checked stream may go out."),
        new("escalate", Escalate, "Where a failed call goes; none: nowhere, whatever the role says."),
        new("floor", Floor, "Least acceptable quality."),
        new("ceiling", Ceiling, "Most acceptable cost."),
        new("user_visible", Flag, "Whether a person reads the answer as it is."),
        new("data_class", Name, "Data class of everything on this route, for pins."),
        new("limits", Limits, "Narrower limits than the policy's."),
        new("capture", Capture, "What is kept of the content of its calls; none: nothing, whatever the role says."),
        new("eval", Eval, "How an answer is graded, and what a cheaper model must prove."),
    ];

    private static readonly ObjectShape Role = new("role", Required(RouteKeys, "tier"));

    private static readonly ChoiceShape Evidence = new([Prose, new ObjectShape("evidence",
    [
        new("missing", new TextShape { Words = [.. EvidenceGap.Words] }, "Nothing has proved this tier yet. proposed: somebody suggests it; in_use: it has run like this so far.") { IsRequired = true },
        new("prove", Prose, "The command, or the words, that would get the evidence.") { IsRequired = true },
    ])]);

    private static readonly ObjectShape Tag = new("tag",
    [
        new("role", Name, "The role whose settings hold where the tag says nothing."),
        .. RouteKeys,
        new("evidence", Evidence, "What proved this tier: a path or a link; or that nothing has, and how it would be proved."),
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
        new("verifiers", new NamedShape("verifier", VerifierShape.Verifier, 0, MostVerifiers), "What scores an answer: trained, a model with a rubric, or a served classifier."),
        new("commands", new NamedShape("command", VerifierShape.Command, 0, MostCommands), "The programs that checks may run, and nothing else."),
        new("redactions", new NamedShape("redaction", new TextShape { Longest = 2000, IsVerbatim = true }, 0, MostRedactions), "Patterns of text that is never kept, beside the built-in kinds."),
        new("roles", new NamedShape("role", Role, 0, MostRoles), "The parts that agents play."),
        new("tags", new NamedShape("tag", Tag, 0, MostTags), "The jobs that calls do."),
        new("default", Default, "The route of every other call.") { IsRequired = true },
        new("pins", new ListShape(Pin, 0, MostPins), "Hard constraints, asserted on every hop."),
        new("limits", Limits, "Times and counts that bound every call."),
        new("control", ControlShape.Control, "What the control loop may do by itself."),
        new("budgets", new NamedShape("budget", ControlShape.Budget, 0, ControlShape.MostBudgets), "Spending limits that are watched, not enforced."),
        new("alerts", new NamedShape("alert target", ControlShape.Alert, 0, ControlShape.MostTargets), "Where alerts are sent, beside the log."),
    ]);

    private static ImmutableArray<ShapeKey> Required(ImmutableArray<ShapeKey> keys, string name) =>
        [.. keys.Select(key => key.Name == name ? key with { IsRequired = true } : key)];
}
