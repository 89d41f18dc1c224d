using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Checks;
using Rung.Core.Policies.Compiling;
using Rung.Core.Prices;

namespace Rung.Core.Policies.Changes;

/// <summary>One property of a part of a policy: its key in the document, and its value as text (empty: not set).</summary>
internal readonly record struct Facet(string Key, string Text);

/// <summary>
/// Everything that a compiled policy says, part by part, as comparable text. A property that is missing here would change unseen: a test
/// changes every value of a full policy and expects a difference.
/// </summary>
internal static class Facets
{
    public static ImmutableArray<Facet> Of(Route route) =>
    [
        new("role", route.Kind == RouteKind.Tag ? route.Role ?? "" : ""),
        new("owner", route.Owner ?? ""),
        new("why", Quoted(route.Why)),
        new("max_tokens", Count(route.MaxTokens)),
        new("temperature.max", route.MaxTemperature?.ToString("R", CultureInfo.InvariantCulture) ?? ""),
        new("stream", route.Streaming switch { StreamMode.Pass => "pass", StreamMode.FirstValidPrefix => "until first_valid_prefix", _ => "hold" }),
        new("escalate.to", route.Escalation?.To.Name ?? ""),
        new("escalate.on", route.Escalation is { } on ? string.Join(", ", ClimbCauses.Words(on.On)) : ""),
        new("escalate.times", route.Escalation is { } times ? Count(times.Times) : ""),
        new("escalate.exhausted", route.Escalation is { } last ? (last.Exhausted == Exhausted.Error ? "error" : "last_answer") : ""),
        new("escalate.max_usd", Usd(route.Escalation?.MaxCostNanoUsd)),
        new("escalate.max_seconds", Seconds(route.Escalation?.MaxTime)),
        new("floor", route.Floor is { } floor ? $"{floor.Verdict} at least {floor.AtLeast.ToString("R", CultureInfo.InvariantCulture)}{(floor.Of is null ? "" : $" of {floor.Of}")}" : ""),
        new("ceiling.usd_per_call", Usd(route.Ceiling?.NanoUsdPerCall)),
        new("ceiling.usd_per_session", Usd(route.Ceiling?.NanoUsdPerSession)),
        new("ceiling.usd_per_day", Usd(route.Ceiling?.NanoUsdPerDay)),
        new("user_visible", route.UserVisible ? "yes" : "no"),
        new("data_class", route.DataClass ?? ""),
        new("capture.sample", route.Capture?.Sample.ToString("R", CultureInfo.InvariantCulture) ?? ""),
        new("capture.keep_days", Count(route.Capture?.KeepDays ?? 0)),
        new("capture.max_kb", Count((route.Capture?.MaxBytes ?? 0) / 1024)),
        new("capture.redact", route.Capture is { } capture ? capture.Redact is { } kinds ? $"[{string.Join(", ", kinds)}]" : "every kind" : ""),
        new("eval.score", route.Eval.ScoreWord ?? ""),
        new("eval.tolerance", Plain(route.Eval.Tolerance)),
        new("eval.pattern", Quoted(route.Eval.Pattern)),
        new("eval.schema", route.Eval.Schema ?? ""),
        new("eval.command", route.Eval.Command ?? ""),
        new("eval.rubric", Quoted(route.Eval.Rubric)),
        new("eval.judge", route.Eval.Judge ?? ""),
        new("eval.judge_kappa", Plain(route.Eval.JudgeKappa)),
        new("eval.margin", Plain(route.Eval.Margin)),
        new("eval.confidence", Plain(route.Eval.Confidence)),
        new("eval.max_age_days", Count(route.Eval.MaxAgeDays)),
        new("evidence", route.EvidenceGap is { } gap ? $"missing ({gap.Word}), to be proved by {Quoted(gap.Prove)}" : Quoted(route.Evidence)),
    ];

    public static ImmutableArray<Facet> Of(Model model) =>
    [
        new("provider", model.Provider),
        new("id", model.UpstreamId),
        new("url", model.BaseUrl.AbsoluteUri),
        new("key", Secret(model.Key)),
        new("key_header", model.KeyHeader == KeyHeader.ApiKey ? "api-key" : "bearer"),
        new("api_version", model.ApiVersion ?? ""),
        new("cost.usd_per_hour", model.Hourly is { } hourly ? Amounts.Usd(hourly.NanoUsdPerHour) : ""),
        new("cost.slots", model.Hourly is { } own ? Count(own.Slots) : ""),
        new("region", model.Region ?? ""),
        new("can", string.Join(", ", Capabilities.Words(model.Can))),
        new("context", Count(model.Context)),
        new("max_output", Count(model.MaxOutput)),
        new("cap_field", model.CapField switch { CapField.MaxTokens => "max_tokens", CapField.MaxCompletionTokens => "max_completion_tokens", _ => "as_given" }),
        new("temperature", model.AcceptsTemperature ? "true" : "false"),
        new("stream_options", model.AcceptsStreamOptions ? "true" : "false"),
        new("priority", Count(model.Priority)),
        new("weight", Count(model.Weight)),
    ];

    /// <summary>Every kind has every key, so that a verifier may change its kind.</summary>
    public static ImmutableArray<Facet> Of(OutsideVerifier verifier)
    {
        var (model, http) = (verifier as ModelVerifier, verifier as HttpVerifier);
        return
        [
            new("limit_seconds", Seconds(verifier.TimeLimit)),
            new("llm.model", model?.Model ?? ""),
            new("llm.rubric", Quoted(model?.Rubric)),
            new("llm.max_tokens", Count(model?.MaxTokens ?? 0)),
            new("http.url", http?.Url.AbsoluteUri ?? ""),
            new("http.body", http?.Body ?? ""),
            new("http.score", http is null ? "" : Quoted(http.ScoreAt)),
            new("http.label", Quoted(http?.Label)),
            new("http.key", Secret(http?.Key)),
            new("http.usd_per_call", http is null ? "" : Usd(http.NanoUsdPerCall)),
            new("http.pinned_calls", http is null ? "" : http.TrustedWithPinned ? "true" : "false"),
        ];
    }

    public static ImmutableArray<Facet> Of(AllowedCommand command) =>
    [
        new("run", string.Join(' ', command.Arguments.Prepend(command.Program).Select(Quoted))),
        new("file", command.FileName),
        new("stdin", command.Stdin ? "true" : "false"),
        new("seconds", Seconds(command.TimeLimit)),
        new("memory_mb", Count(command.MemoryBytes / LimitsBuilder.BytesPerMb)),
        new("output_kb", Count(command.OutputBytes / 1024)),
    ];

    public static ImmutableArray<Facet> Of(TrainedFile file) => [new("trained", $"{file.Path} sha256:{file.Sha256}")];

    public static ImmutableArray<Facet> Of(CallLimits limits) =>
    [
        new("connect_seconds", Seconds(limits.Connect)),
        new("first_byte_seconds", Seconds(limits.FirstByte)),
        new("between_chunks_seconds", Seconds(limits.BetweenChunks)),
        new("total_seconds", Seconds(limits.Total)),
        new("attempts", Count(limits.Attempts)),
        new("request_mb", Count(limits.RequestBytes / LimitsBuilder.BytesPerMb)),
        new("reply_mb", Count(limits.ReplyBytes / LimitsBuilder.BytesPerMb)),
    ];

    public static ImmutableArray<Facet> Of(Pin pin, PolicySnapshot policy) =>
    [
        new("when.data_class", pin.DataClass ?? ""),
        new("when.tag", pin.Tag ?? ""),
        new("when.role", pin.Role ?? ""),
        new("when.tenant", Quoted(pin.Tenant)),
        new("when.user", Quoted(pin.User)),
        new("models", Names(pin.Models, policy)),
        new("why", Quoted(pin.Why)),
    ];

    /// <summary>Rates in USD per million tokens, as the policy names them.</summary>
    public static ImmutableArray<Facet> Of(PriceRates? rates) =>
    [
        new("input", PerMillion(rates?.Input)),
        new("output", PerMillion(rates?.Output)),
        new("cached_input", PerMillion(rates?.CacheRead)),
        new("cache_write", PerMillion(rates?.CacheWrite)),
        new("cache_write_long", PerMillion(rates?.CacheWriteLong)),
        new("audio_input", PerMillion(rates?.AudioInput)),
        new("audio_output", PerMillion(rates?.AudioOutput)),
    ];

    /// <summary>The whole price of a model, every period of it, as one text.</summary>
    public static string Of(PriceSchedule? price) => price is null ? "" : string.Join("; ", price.Periods.Select(Of));

    /// <summary>Names of the models of a set, in alphabetical order: a set has no other.</summary>
    public static string Names(ModelSet set, PolicySnapshot policy)
    {
        var names = new List<string>(set.Count);
        foreach (var index in set) names.Add(policy.Models[index].Name);
        names.Sort(StringComparer.Ordinal);
        return string.Join(", ", names);
    }

    /// <summary>Everything that decides what a call costs in a period, but not when it begins and ends: empty without one.</summary>
    public static string Rates(PricePeriod? period)
    {
        if (period is null) return "";
        var peak = period.Peak is { } hours ? $"{string.Join(",", hours.Windows.Select(window => $"{window.FromMinute}-{window.ToMinute}"))}×{hours.Permille}" : "";
        var rows = string.Join(" ", period.Tiers.Select(row => $">{row.AboveInput}: {Line(row.Rates)}"));
        return $"{Line(period.Rates)} {rows} {period.FlexPermille} {period.PriorityPermille} {peak}";
    }

    private static string Of(PricePeriod period) => $"{period.From:O}..{period.To:O} {Rates(period)}";

    private static string Line(PriceRates rates) => string.Join(" ", Of(rates).Where(facet => facet.Text.Length > 0).Select(facet => $"{facet.Key} {facet.Text}"));

    internal static string Secret(SecretReference? key) => key is null ? "" : key.Environment is { } variable ? $"env {variable}" : $"file {key.File}";

    private static string PerMillion(long? pico) => pico is { } value ? Amounts.PerMillion(value) : "";

    private static string Usd(long? nano) => nano is { } value ? Amounts.Usd(value) : "";

    private static string Seconds(TimeSpan? time) => time is { } value ? Amounts.Plain((decimal)value.TotalSeconds) : "";

    private static string Plain(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Count(long count) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string? text) => text is null ? "" : $"\"{text}\"";
}
