using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Reading;

/// <summary>Makes a <see cref="RouteEntry"/> and its parts of a YAML map.</summary>
internal static class RouteBinder
{
    public static RouteEntry Bind(string name, YamlValue? value) => new()
    {
        Name = name,
        Role = value.Text("role"),
        Tier = value.Text("tier"),
        Owner = value.Text("owner"),
        Why = value.Text("why"),
        MaxTokens = value.Integer("max_tokens"),
        MaxTemperature = value.Child("temperature").Number("max"),
        Checks = value.Child("checks") is YamlList checks ? [.. checks.Items.Select(CheckBinder.Bind)] : null,
        Stream = value.Child("stream") is YamlMap stream ? stream.Text("hold_until") : value.Text("stream"),
        Escalate = Escalate(value.Child("escalate")),
        Floor = value.Child("floor") is YamlMap floor ? new FloorEntry(floor.Text("verdict") ?? "", floor.Number("at_least") ?? 0, floor.Text("of")) : null,
        Ceiling = value.Child("ceiling") is YamlMap ceiling
            ? new CeilingEntry(ceiling.Number("usd_per_call"), ceiling.Number("usd_per_session"), ceiling.Number("usd_per_day"))
            : null,
        UserVisible = value.Flag("user_visible"),
        DataClass = value.Text("data_class"),
        Limits = Limits(value.Child("limits")),
        Capture = Capture(value.Child("capture")),
        Eval = Eval(value.Child("eval")),
        Evidence = value.Text("evidence"),
        EvidenceGap = value.Child("evidence") is YamlMap gap ? new EvidenceGapEntry(gap.Text("missing") ?? "", gap.Text("prove") ?? "") : null,
    };

    public static LimitsEntry? Limits(YamlValue? value) => value is not YamlMap ? null : new LimitsEntry
    {
        ConnectSeconds = value.Number("connect_seconds"),
        FirstByteSeconds = value.Number("first_byte_seconds"),
        BetweenChunksSeconds = value.Number("between_chunks_seconds"),
        TotalSeconds = value.Number("total_seconds"),
        Attempts = value.Integer("attempts"),
        RequestMb = value.Integer("request_mb"),
        ReplyMb = value.Integer("reply_mb"),
    };

    private static CaptureEntry? Capture(YamlValue? value) => value switch
    {
        YamlScalar { Text: "none" } => new CaptureEntry(),
        YamlMap => new CaptureEntry
        {
            Sample = value.Number("sample"), KeepDays = value.Integer("keep_days"), MaxKb = value.Integer("max_kb"), Redact = value.Texts("redact"),
        },
        _ => null,
    };

    private static EvalEntry? Eval(YamlValue? value) => value is not YamlMap ? null : new EvalEntry
    {
        Score = value.Text("score"),
        Tolerance = value.Number("tolerance"),
        Pattern = value.Text("pattern"),
        Schema = value.Text("schema"),
        Command = value.Text("command"),
        Rubric = value.Text("rubric"),
        Judge = value.Text("judge"),
        JudgeKappa = value.Number("judge_kappa"),
        Margin = value.Number("margin"),
        Confidence = value.Number("confidence"),
        MaxAgeDays = value.Integer("max_age_days"),
    };

    private static EscalateEntry? Escalate(YamlValue? value) => value switch
    {
        YamlScalar { Text: "none" } => new EscalateEntry(),
        YamlMap => new EscalateEntry
        {
            To = value.Text("to"),
            On = value.Texts("on"),
            Times = value.Integer("times"),
            Exhausted = value.Text("exhausted"),
            MaxUsd = value.Number("max_usd"),
            MaxSeconds = value.Number("max_seconds"),
        },
        _ => null,
    };
}
