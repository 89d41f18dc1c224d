using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Reading;

/// <summary>Makes a <see cref="CheckEntry"/> of a YAML value. As deep as the text, which the YAML reader bounds.</summary>
internal static class CheckBinder
{
    /// <summary>Binds; what cannot be read keeps its place as an <see cref="UnreadableCheckEntry"/>.</summary>
    public static CheckEntry Bind(YamlValue? value) => Read(value) ?? new UnreadableCheckEntry();

    private static CheckEntry? Read(YamlValue? value)
    {
        if (value is YamlScalar { Text: "json" }) return new JsonCheckEntry();
        if (value is not YamlMap { Entries: [var only, ..] }) return null;
        var inner = only.Value;
        return only.Key switch
        {
            "json" => new JsonCheckEntry(),
            "schema" => Schema(inner),
            "required" => YamlAccess.Texts(inner) is { } fields ? new RequiredCheckEntry(fields) : null,
            "allowed" => Allowed(inner),
            "regex" => Regex(inner),
            "length" => new LengthCheckEntry(inner.Integer("min"), inner.Integer("max")),
            "bounds" => new BoundsCheckEntry(inner.Text("field"), inner.Number("min"), inner.Number("max")),
            "tool_calls" => new ToolCallsCheckEntry(ScalarReader.Text(inner), inner.Flag("required"), inner.Text("arguments")),
            "arithmetic" => new ArithmeticCheckEntry(inner.Number("tolerance"), inner.Flag("required")),
            "cites" => new CitesCheckEntry(inner.Flag("quotes"), inner.Text("ids"), inner.Integer("at_least")),
            "agrees" => new AgreesCheckEntry(inner.Integer("samples"), inner.Integer("at_least"), inner.Text("by") ?? "", inner.Number("temperature")),
            "command" => ScalarReader.Text(inner) is { } name ? new CommandCheckEntry(name) : null,
            "verifier" => inner.Text("use") is { } use ? new VerifierCheckEntry(use, inner.Number("at_least") ?? 0, inner.Text("unavailable")) : null,
            "all" or "any" => inner is YamlList list ? new ListCheckEntry(only.Key, [.. list.Items.Select(Bind)]) : null,
            "not" => new NotCheckEntry(Bind(inner)),
            "score" => new ScoreCheckEntry(inner.Number("at_least") ?? 0, [.. inner.Items("of").Select(item => new WeightedEntry(item.Number("weight"), Bind(item.Child("check"))))]),
            _ => null,
        };
    }

    private static SchemaCheckEntry? Schema(YamlValue value) => value switch
    {
        YamlScalar => ScalarReader.Text(value) is { } path ? new SchemaCheckEntry(path, null) : null,
        YamlMap => value.Text("file") is { } path ? new SchemaCheckEntry(path, value.Flag("formats")) : null,
        _ => null,
    };

    private static AllowedCheckEntry? Allowed(YamlValue value) => value switch
    {
        YamlList => new AllowedCheckEntry(YamlAccess.Texts(value) ?? [], null, null),
        YamlMap => new AllowedCheckEntry(value.Texts("values") ?? [], value.Text("field"), value.Flag("normalised")),
        _ => null,
    };

    private static RegexCheckEntry? Regex(YamlValue value) => value switch
    {
        YamlScalar => ScalarReader.Text(value) is { } pattern ? new RegexCheckEntry(pattern, null, null) : null,
        YamlMap => value.Text("pattern") is { } pattern ? new RegexCheckEntry(pattern, value.Flag("match"), value.Integer("limit_ms")) : null,
        _ => null,
    };
}
