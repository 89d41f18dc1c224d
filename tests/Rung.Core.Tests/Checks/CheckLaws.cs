using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Checks;
using Rung.Core.Checks.Json;
using Check = Rung.Core.Checks.Check;

namespace Rung.Core.Tests.Checks;

/// <summary>What holds for every answer that anybody could send. The seed is fixed, so that a failure stays one.</summary>
public sealed class CheckLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(20261121, 4711);

    private static readonly ImmutableArray<Check> Every =
    [
        CheckFactory.Json(), Some.Required("a", "b.0.c"), Some.Allowed(["x"]), Some.Allowed(["x"], normalised: true), Some.Allowed(["x"], "a"),
        Some.Regex("^(a|b)+$"), Some.Regex("^(?=a)(a|b)+$"), Some.Regex("zz", mustMatch: false), Some.Length(3, 5), Some.Bounds(null, 0, 1), Some.Bounds("a", 0, 1),
        CheckFactory.Arithmetic(0.01m, required: true, out _)!, CheckFactory.Cites(true, "z+", 1, out _)!, CheckFactory.Agrees(3, 2, AgreeBy.Json, null, out _)!,
        CheckFactory.All([Some.Regex("a"), Some.Length(1, 9)], out _)!, CheckFactory.Any([Some.Regex("a"), CheckFactory.Json()], out _)!,
        CheckFactory.Not(Some.Regex("a"), out _)!, CheckFactory.Score(0.5, [new(1, Some.Regex("a")), new(2, CheckFactory.Json())], out _)!,
        Some.Schema("""
            {"type": ["object", "array"], "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/$defs/v"}, "contains": {"type": "string"},
             "properties": {"a": {"multipleOf": 0.01, "minLength": 2, "pattern": "^[^x]\\d*$"}, "b": {"$ref": "#"}},
             "patternProperties": {"^.$": {"not": {"const": 1}}}, "additionalProperties": false, "propertyNames": {"maxLength": 3}, "required": ["a"],
             "$defs": {"v": {"anyOf": [{"type": "integer", "maximum": 10}, {"oneOf": [{"enum": ["a", null]}, {"maxProperties": 1, "$ref": "#"}]}]}},
             "if": {"required": ["c"]}, "then": {"maxProperties": 1}, "else": {"minProperties": 1}}
            """),
    ];

    [Fact]
    public void No_check_throws_and_every_failure_has_a_short_valid_sentence() => Hold(AnyJson.Content, content =>
    {
        var answer = Some.Answer(content);
        return Every.All(check => IsWellFormed(check.Evaluate(answer), content));
    });

    [Fact]
    public void No_tool_call_makes_the_check_throw() => Hold(AnyJson.Content, content =>
    {
        var calls = ImmutableArray.Create(new ToolCall("a", content), new ToolCall(Encoding.UTF8.GetString(content), content));
        return IsWellFormed(CheckFactory.ToolCalls(required: true).Evaluate(Some.Answer("") with { ToolCalls = calls, DeclaredTools = ["a"] }), content);
    });

    [Fact]
    public void No_schema_makes_the_compiler_throw_and_what_it_refuses_it_explains() => Hold(AnyJson.Content, content =>
        CheckFactory.Schema("s", content, out var fault) is null == fault is not null);

    [Fact]
    public void No_pattern_makes_the_translation_throw() => Hold(
        Gen.Elements("a", "[", "]", "^", "-", "\\d", "\\S", "\\", "b", "(", ")", "?:", "?", "{2}", "{", "$", ".", "\\u{1F432}", "\\ud83d", "🐲", "\\p{L}", "|", "*", "\\1")
            .ListOf().Select(parts => string.Concat(parts)),
        pattern =>
        {
            var schema = JsonSerializer.SerializeToUtf8Bytes(new { pattern });
            var check = CheckFactory.Schema("s", schema, out var fault);
            return check is null ? fault is not null : check.Evaluate(Some.Answer("\"ab-🐲1\"")) is { } result && (result.Passed || result.Detail is not null);
        });

    [Fact]
    public void Json_agrees_with_the_framework_on_valid_utf8() => Hold(AnyJson.Content, content =>
        !Utf8.IsValid(content) || CheckFactory.Json().Evaluate(Some.Answer(content)).Passed == FrameworkParses(content));

    [Fact]
    public void The_true_schema_accepts_exactly_what_json_accepts() => Hold(AnyJson.Content, content =>
        Some.Schema("true").Evaluate(Some.Answer(content)).Passed == CheckFactory.Json().Evaluate(Some.Answer(content)).Passed);

    [Fact]
    public void Every_value_has_exactly_one_type_of_six() => Hold(AnyJson.Value, value =>
        new[] { "null", "boolean", "number", "string", "array", "object" }.Count(type => Holds($$"""{"type": "{{type}}"}""", value)) == 1);

    [Fact]
    public void Every_integer_is_a_number_and_a_multiple_of_one() => Hold(AnyJson.Value, value =>
        !Holds("""{"type": "integer"}""", value) || (Holds("""{"type": "number"}""", value) && Holds("""{"multipleOf": 1}""", value)));

    [Fact]
    public void Every_value_is_in_its_own_enum_and_equals_its_own_const() => Hold(AnyJson.Value, value =>
        Holds($$"""{"enum": [{{value}}]}""", value) && Holds($$$"""{"const": {{{value}}}}""", value));

    [Fact]
    public void Not_turns_every_verdict_around() => Hold(Pairs(AnyJson.Value), pair =>
        Holds($$$"""{"const": {{{pair.First}}}}""", pair.Second) != Holds($$$"""{"not": {"const": {{{pair.First}}}}}""", pair.Second));

    [Fact]
    public void An_array_of_a_value_twice_is_never_unique() => Hold(AnyJson.Value, value => !Holds("""{"uniqueItems": true}""", $"[{value}, 7.25, {value}]"));

    [Fact]
    public void Equal_values_have_equal_hashes() => Hold(Pairs(AnyJson.Value), pair =>
    {
        var (first, second) = (Read(pair.First), Read(pair.Second));
        return first.Equals(second) == second.Equals(first) && (!first.Equals(second) || first.GetHashCode() == second.GetHashCode());
    });

    [Fact]
    public void Normalising_twice_changes_nothing() => Hold(
        Gen.Elements("a", "B", ".", "\"", "'", " ", "\t", "“", "”", "`", "«", "»", "İ", "ß", "\ud800", "🐲", "\u0085").ListOf().Select(parts => string.Concat(parts)),
        text => NormalisedText.Of(NormalisedText.Of(text)) == NormalisedText.Of(text));

    [Fact]
    public void An_allowed_value_is_allowed_however_it_is_dressed() => Hold(Gen.Elements("Billing", "a b", "x.y", "42"), value =>
        new[] { value, $" {value}. ", $"\"{value}\"", value.ToUpperInvariant() }.All(dressed => Some.Passes(Some.Allowed([value], normalised: true), dressed)));

    [Fact]
    public void Exact_numbers_compare_as_decimals_do() => Hold(Pairs(ArbMap.Default.GeneratorFor<decimal>()), pair =>
        Math.Sign(JsonNumber.From(pair.First).CompareTo(JsonNumber.From(pair.Second))) == pair.First.CompareTo(pair.Second));

    [Fact]
    public void A_number_keeps_its_value_when_its_exponent_is_written_out() => Hold(
        Gen.Choose(-999, 999).SelectMany(digits => Gen.Choose(0, 30).Select(zeros => (digits, zeros))), number =>
            JsonNumber.TryParse($"{number.digits}e{number.zeros}", out var scientific)
            && JsonNumber.TryParse(number.digits + new string('0', number.zeros), out var written)
            && scientific.Equals(written) && scientific.IsInteger && scientific.IsMultipleOf(JsonNumber.From(1)));

    [Fact]
    public void A_product_is_a_multiple_of_its_factors() => Hold(Gen.Choose(-100_000, 100_000).SelectMany(a => Gen.Choose(1, 100_000).Select(b => (a, b))), factors =>
        JsonNumber.From(factors.a / 1000m * factors.b).IsMultipleOf(JsonNumber.From(factors.b / 1000m))
        && JsonNumber.From(factors.a).IsMultipleOf(JsonNumber.From(factors.b)) == (factors.a % factors.b == 0));

    private static void Hold<T>(Gen<T> values, Func<T, bool> law) => FsCheck.Check.One(Fixed, Prop.ForAll(Arb.From(values), law));

    private static Gen<(T First, T Second)> Pairs<T>(Gen<T> values) => values.SelectMany(first => values.Select(second => (first, second)));

    private static bool Holds(string schema, string value) => Some.Passes(Some.Schema(schema), value);

    private static JsonValue Read(string json) => JsonParser.TryParse(Encoding.UTF8.GetBytes(json), "It", out var value, out _) ? value : throw new InvalidOperationException(json);

    private static bool IsWellFormed(CheckResult result, byte[] content)
    {
        if (result.Passed || result.Pending is not null) return result.Detail is null;
        if (string.IsNullOrWhiteSpace(result.Detail) || result.Detail.EnumerateRunes().Any(System.Text.Rune.IsControl)) return false;
        return result.Detail.Count(character => character == 'z') <= 80 || Encoding.UTF8.GetString(content).Count(character => character == 'z') <= 80;
    }

    private static bool FrameworkParses(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
