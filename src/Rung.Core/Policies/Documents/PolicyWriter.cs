using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Policies.Compiling;

namespace Rung.Core.Policies.Documents;

/// <summary>Writes a document as YAML in one canonical form: two documents say the same exactly when their texts are equal.</summary>
internal static class PolicyWriter
{
    /// <summary>The YAML text; comments and layout of the original are not kept.</summary>
    public static string Write(PolicyDocument document) => new YamlBlock()
        .Raw("version", "1")
        .Text("name", document.Name)
        .Map("tiers", Named(document.Tiers, tier => tier.Name, Tier))
        .Map("models", Named(document.Models, model => model.Name, Model))
        .Map("verifiers", document.Verifiers.IsEmpty ? null : Named(document.Verifiers, verifier => verifier.Name, Verifier))
        .Map("commands", document.Commands.IsEmpty ? null : Named(document.Commands, command => command.Name, Command))
        .Map("redactions", document.Redactions.IsEmpty ? null : document.Redactions.Aggregate(new YamlBlock(), (map, redaction) => map.Text(redaction.Name, redaction.Pattern)))
        .Map("roles", document.Roles.IsEmpty ? null : Named(document.Roles, role => role.Name, Route))
        .Map("tags", document.Tags.IsEmpty ? null : Named(document.Tags, tag => tag.Name, Route))
        .Map("default", Route(document.Default))
        .Maps("pins", document.Pins.IsEmpty ? null : [.. document.Pins.Select(Pin)])
        .Map("limits", Limits(document.Limits))
        .Map("control", Control(document.Control))
        .Map("budgets", document.Budgets.IsEmpty ? null : Named(document.Budgets, budget => budget.Name, Budget))
        .Map("alerts", document.Alerts.IsEmpty ? null : Named(document.Alerts, alert => alert.Name, Alert))
        .ToString();

    private static YamlBlock Named<T>(ImmutableArray<T> items, Func<T, string> name, Func<T, YamlBlock> write) =>
        items.Aggregate(new YamlBlock(), (map, item) => map.Map(name(item), write(item)));

    private static YamlBlock Tier(TierEntry tier) => new YamlBlock().Raw("models", YamlBlock.List(tier.Models)).Flag("reference", tier.Reference ? true : null);

    private static YamlBlock Model(ModelEntry model) => new YamlBlock()
        .Text("provider", model.Provider)
        .Text("id", model.Id)
        .Text("url", model.Url)
        .Map("key", model.Key is { } key ? Key(key) : null)
        .Text("key_header", model.KeyHeader)
        .Text("api_version", model.ApiVersion)
        .Map("price", model.Price is { } price ? Price(price) : null)
        .Map("cost", model.Cost is { } cost ? new YamlBlock().Raw("usd_per_hour", Number(cost.UsdPerHour)).Raw("slots", Number(cost.Slots)) : null)
        .Text("region", model.Region)
        .Raw("context", Number(model.Context))
        .Raw("max_output", Number(model.MaxOutput))
        .Raw("can", List(model.Can))
        .Flag("temperature", model.Temperature)
        .Flag("stream_options", model.StreamOptions)
        .Text("cap_field", model.CapField)
        .Raw("priority", Number(model.Priority))
        .Raw("weight", Number(model.Weight));

    private static YamlBlock Verifier(VerifierEntry verifier) => new YamlBlock()
        .Text("trained", verifier.Trained)
        .Map("llm", verifier.Llm is { } llm ? new YamlBlock().Text("model", llm.Model).Text("rubric", llm.Rubric).Raw("max_tokens", Number(llm.MaxTokens)) : null)
        .Map("http", verifier.Http is { } http ? Http(http) : null)
        .Raw("limit_seconds", Number(verifier.LimitSeconds));

    private static YamlBlock Http(HttpVerifierEntry http) => new YamlBlock()
        .Text("url", http.Url)
        .Text("body", http.Body)
        .Text("score", http.Score)
        .Text("label", http.Label)
        .Map("key", http.Key is { } key ? Key(key) : null)
        .Raw("usd_per_call", Number(http.UsdPerCall))
        .Flag("pinned_calls", http.PinnedCalls);

    private static YamlBlock Command(CommandEntry command) => new YamlBlock()
        .Raw("run", YamlBlock.List(command.Run))
        .Text("file", command.File)
        .Flag("stdin", command.Stdin)
        .Raw("seconds", Number(command.Seconds))
        .Raw("memory_mb", Number(command.MemoryMb))
        .Raw("output_kb", Number(command.OutputKb));

    private static YamlBlock Key(SecretReference key) => new YamlBlock().Text("env", key.Environment).Text("file", key.File);

    private static YamlBlock Price(PriceEntry price) => new YamlBlock()
        .Raw("input", Number(price.Input))
        .Raw("output", Number(price.Output))
        .Raw("cached_input", Number(price.CachedInput))
        .Raw("cache_write", Number(price.CacheWrite))
        .Raw("cache_write_long", Number(price.CacheWriteLong))
        .Raw("audio_input", Number(price.AudioInput))
        .Raw("audio_output", Number(price.AudioOutput))
        .Maps("tiers", price.Tiers.IsEmpty ? null : [.. price.Tiers.Select(row => new YamlBlock()
            .Raw("above_input", row.AboveInput.ToString(CultureInfo.InvariantCulture))
            .Raw("input", Number(row.Input))
            .Raw("output", Number(row.Output))
            .Raw("cached_input", Number(row.CachedInput))
            .Raw("cache_write", Number(row.CacheWrite)))]);

    private static YamlBlock Route(RouteEntry route) => new YamlBlock()
        .Text("role", route.Role)
        .Text("tier", route.Tier)
        .Text("owner", route.Owner)
        .Text("why", route.Why)
        .Raw("max_tokens", Number(route.MaxTokens))
        .Map("temperature", route.MaxTemperature is { } max ? new YamlBlock().Raw("max", Number(max)) : null)
        .Maps("checks", route.Checks is { } checks ? [.. checks.Select(CheckWriter.Write)] : null)
        .Raw("stream", route.Stream is "hold" or "pass" ? route.Stream : null)
        .Map("stream", route.Stream == "first_valid_prefix" ? new YamlBlock().Text("hold_until", route.Stream) : null)
        .Raw("escalate", route.Escalate is { To: null } ? "none" : null)
        .Map("escalate", route.Escalate is { To: not null } escalate ? Escalate(escalate) : null)
        .Map("floor", route.Floor is { } floor ? new YamlBlock().Text("verdict", floor.Verdict).Raw("at_least", Number(floor.AtLeast)).Text("of", floor.Of) : null)
        .Map("ceiling", route.Ceiling is { } ceiling
            ? new YamlBlock().Raw("usd_per_call", Number(ceiling.UsdPerCall)).Raw("usd_per_session", Number(ceiling.UsdPerSession)).Raw("usd_per_day", Number(ceiling.UsdPerDay))
            : null)
        .Flag("user_visible", route.UserVisible)
        .Text("data_class", route.DataClass)
        .Map("limits", Limits(route.Limits))
        .Raw("capture", route.Capture is { Sample: null } ? "none" : null)
        .Map("capture", route.Capture is { Sample: not null } capture ? Capture(capture) : null)
        .Map("eval", route.Eval is { } eval ? Eval(eval) : null)
        .Text("evidence", route.Evidence)
        .Map("evidence", route.EvidenceGap is { } gap ? new YamlBlock().Text("missing", gap.Missing).Text("prove", gap.Prove) : null);

    private static YamlBlock Escalate(EscalateEntry escalate) => new YamlBlock()
        .Text("to", escalate.To)
        .Raw("on", List(escalate.On))
        .Raw("times", Number(escalate.Times))
        .Text("exhausted", escalate.Exhausted)
        .Raw("max_usd", Number(escalate.MaxUsd))
        .Raw("max_seconds", Number(escalate.MaxSeconds));

    private static YamlBlock Capture(CaptureEntry capture) => new YamlBlock()
        .Raw("sample", Number(capture.Sample))
        .Raw("keep_days", Number(capture.KeepDays))
        .Raw("max_kb", Number(capture.MaxKb))
        .Raw("redact", List(capture.Redact));

    private static YamlBlock Eval(EvalEntry eval) => new YamlBlock()
        .Text("score", eval.Score)
        .Raw("tolerance", Number(eval.Tolerance))
        .Text("pattern", eval.Pattern)
        .Text("schema", eval.Schema)
        .Text("command", eval.Command)
        .Text("rubric", eval.Rubric)
        .Text("judge", eval.Judge)
        .Raw("judge_kappa", Number(eval.JudgeKappa))
        .Raw("margin", Number(eval.Margin))
        .Raw("confidence", Number(eval.Confidence))
        .Raw("max_age_days", Number(eval.MaxAgeDays));

    private static YamlBlock Pin(PinEntry pin) => new YamlBlock()
        .Text("name", pin.Name)
        .Map("when", new YamlBlock()
            .Text("data_class", pin.DataClass).Text("tag", pin.Tag).Text("role", pin.Role).Text("tenant", pin.Tenant).Text("user", pin.User))
        .Raw("models", YamlBlock.List(pin.Models))
        .Text("why", pin.Why);

    private static YamlBlock? Limits(LimitsEntry? limits) => limits is null || limits == LimitsEntry.None ? null : new YamlBlock()
        .Raw("connect_seconds", Number(limits.ConnectSeconds))
        .Raw("first_byte_seconds", Number(limits.FirstByteSeconds))
        .Raw("between_chunks_seconds", Number(limits.BetweenChunksSeconds))
        .Raw("total_seconds", Number(limits.TotalSeconds))
        .Raw("attempts", Number(limits.Attempts))
        .Raw("request_mb", Number(limits.RequestMb))
        .Raw("reply_mb", Number(limits.ReplyMb));

    private static YamlBlock? Control(ControlEntry control) => control == ControlEntry.None ? null : new YamlBlock()
        .Text("steering", control.Steering)
        .Raw("cool_down_hours", Number(control.CoolDownHours))
        .Raw("demotions_per_day", Number(control.DemotionsPerDay));

    private static YamlBlock Budget(BudgetEntry budget) => new YamlBlock()
        .Raw("usd", Number(budget.Usd))
        .Text("per", budget.Per)
        .Raw("tags", List(budget.Tags));

    private static YamlBlock Alert(AlertEntry alert) => new YamlBlock()
        .Map("url", alert.Url is { } url ? Key(url) : null)
        .Text("format", alert.Format)
        .Map("secret", alert.Secret is { } secret ? Key(secret) : null)
        .Text("at_least", alert.AtLeast);

    private static string? List(ImmutableArray<string>? texts) => texts is { } list ? YamlBlock.List(list) : null;

    private static string? Number(decimal? number) => number is null ? null : Amounts.Plain(number);
}
