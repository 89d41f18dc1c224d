using Rung.Core.Policies.Compiling;

namespace Rung.Core.Policies.Documents;

/// <summary>Writes a check as YAML in its one canonical form: short where only the short form was used.</summary>
internal static class CheckWriter
{
    public static YamlBlock Write(CheckEntry check) => check switch
    {
        SchemaCheckEntry { Formats: null } schema => new YamlBlock().Text("schema", schema.Path),
        SchemaCheckEntry schema => new YamlBlock().Map("schema", new YamlBlock().Text("file", schema.Path).Flag("formats", schema.Formats)),
        RequiredCheckEntry required => new YamlBlock().Raw("required", YamlBlock.List(required.Fields)),
        AllowedCheckEntry { Field: null, Normalised: null } allowed => new YamlBlock().Raw("allowed", YamlBlock.List(allowed.Values)),
        AllowedCheckEntry allowed => new YamlBlock().Map("allowed",
            new YamlBlock().Raw("values", YamlBlock.List(allowed.Values)).Text("field", allowed.Field).Flag("normalised", allowed.Normalised)),
        RegexCheckEntry { Match: null, LimitMs: null } regex => new YamlBlock().Text("regex", regex.Pattern),
        RegexCheckEntry regex => new YamlBlock().Map("regex",
            new YamlBlock().Text("pattern", regex.Pattern).Flag("match", regex.Match).Raw("limit_ms", Number(regex.LimitMs))),
        LengthCheckEntry length => new YamlBlock().Map("length", new YamlBlock().Raw("min", Number(length.Min)).Raw("max", Number(length.Max))),
        BoundsCheckEntry bounds => new YamlBlock().Map("bounds",
            new YamlBlock().Text("field", bounds.Field).Raw("min", Number(bounds.Min)).Raw("max", Number(bounds.Max))),
        ToolCallsCheckEntry { Short: { } word } => new YamlBlock().Raw("tool_calls", word),
        ToolCallsCheckEntry tools => new YamlBlock().Map("tool_calls", new YamlBlock().Flag("required", tools.Required).Text("arguments", tools.Arguments)),
        JsonCheckEntry => new YamlBlock().Raw("json", "true"),
        ArithmeticCheckEntry { Tolerance: null, Required: null } => new YamlBlock().Raw("arithmetic", "true"),
        ArithmeticCheckEntry sums => new YamlBlock().Map("arithmetic", new YamlBlock().Raw("tolerance", Number(sums.Tolerance)).Flag("required", sums.Required)),
        CitesCheckEntry { Quotes: null, Ids: null, AtLeast: null } => new YamlBlock().Raw("cites", "true"),
        CitesCheckEntry cites => new YamlBlock().Map("cites",
            new YamlBlock().Flag("quotes", cites.Quotes).Text("ids", cites.Ids).Raw("at_least", Number(cites.AtLeast))),
        AgreesCheckEntry agrees => new YamlBlock().Map("agrees", new YamlBlock()
            .Raw("samples", Number(agrees.Samples)).Raw("at_least", Number(agrees.AtLeast)).Text("by", agrees.By).Raw("temperature", Number(agrees.Temperature))),
        CommandCheckEntry command => new YamlBlock().Text("command", command.Name),
        VerifierCheckEntry verifier => new YamlBlock().Map("verifier",
            new YamlBlock().Text("use", verifier.Use).Raw("at_least", Number(verifier.AtLeast)).Text("unavailable", verifier.Unavailable)),
        ListCheckEntry list => new YamlBlock().Maps(list.Key, [.. list.Members.Select(Write)]),
        NotCheckEntry not => new YamlBlock().Map("not", Write(not.Member)),
        ScoreCheckEntry score => new YamlBlock().Map("score", new YamlBlock().Raw("at_least", Number(score.AtLeast))
            .Maps("of", [.. score.Of.Select(part => new YamlBlock().Raw("weight", Number(part.Weight)).Map("check", Write(part.Check)))])),
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, "A document with faults cannot be written."),
    };

    private static string? Number(decimal? number) => number is null ? null : Amounts.Plain(number);
}
