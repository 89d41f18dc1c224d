using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Rung.Core.Tests.Checks;

/// <summary>Generators of answers: valid JSON, JSON that went wrong, and bytes of any kind.</summary>
internal static class AnyJson
{
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0.0", "1", "1.0", "1e2", "100", "-1.5e-7", "1e999999999999", "123456789012345678901234567890.5",
        "\"\"", "\"a\"", "\"A.\"", "\"ü🐲\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\\n\\\\\\\"\"", "\"1\"", "\"12.5\"",
    ];
    private static readonly string[] Names = ["\"a\"", "\"b\"", "\"c\"", "\"\"", "\"\\udfff\"", "\"a.b\""];
    private static readonly string[] Shards =
        ["{", "}", "[", "]", ",", ":", " ", "\n", "\"", "\\", "\\u", "\\ud800", "```json", "-", "+", ".", "e", "//", "\uFEFF", "NaN", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", .. Scalars];

    /// <summary>One valid JSON value as text.</summary>
    public static Gen<string> Value { get; } = Gen.Sized(size => OfDepth(Math.Min(4, size / 8)));

    /// <summary>Pieces of JSON in any order: nearly always wrong, in every way there is.</summary>
    public static Gen<string> Wreck { get; } = Gen.Elements(Shards).ListOf().Select(shards => string.Concat(shards));

    /// <summary>What an upstream may send: JSON, wrecks, and raw bytes.</summary>
    public static Gen<byte[]> Content { get; } = Gen.OneOf(
        Value.Select(Encoding.UTF8.GetBytes), Wreck.Select(Encoding.UTF8.GetBytes), ArbMap.Default.GeneratorFor<byte[]>(), CutShort(Value));

    private static Gen<string> OfDepth(int depth)
    {
        var scalar = Gen.Elements(Scalars);
        if (depth == 0) return scalar;
        var child = OfDepth(depth - 1);
        var array = child.ListOf().Select(items => $"[{string.Join(" , ", items.Take(4))}]");
        var member = Gen.Elements(Names).SelectMany(name => child.Select(value => $"{name}: {value}"));
        var obj = member.ListOf().Select(members => $"{{{string.Join(',', members.Take(4))}}}");
        return Gen.OneOf(scalar, array, obj);
    }

    private static Gen<byte[]> CutShort(Gen<string> values) =>
        values.SelectMany(value => Gen.Choose(0, value.Length).Select(length => Encoding.UTF8.GetBytes(value[..length])));
}
