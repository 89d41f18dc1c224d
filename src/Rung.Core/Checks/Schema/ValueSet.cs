using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>The values of <c>enum</c> or <c>const</c>. Strings are compared as bytes; only numbers, arrays and objects need a value made of them.</summary>
internal sealed class ValueSet
{
    private readonly ImmutableArray<byte[]> strings;
    private readonly FrozenSet<JsonValue> others;

    public ValueSet(string path, ImmutableArray<JsonValue> values)
    {
        Path = path;
        strings = [.. values.Where(value => value.Kind == JsonKind.String).Select(value => JsonText.Encode(value.Text))];
        others = values.Where(value => value.Kind != JsonKind.String).ToFrozenSet();
        foreach (var value in values) Kinds |= KindSets.Of(value.Kind);
        Longest = strings.IsEmpty ? 0 : strings.Max(text => text.Length);
        Demand = (values.Length == 1 ? "be " : "be one of ") + JsonPhrase.List([.. values.Select(JsonPhrase.Literal)]);
    }

    /// <summary>Place of the keyword.</summary>
    public string Path { get; }

    /// <summary>Kinds of the values.</summary>
    public KindSet Kinds { get; }

    /// <summary>Bytes of the longest string.</summary>
    public int Longest { get; }

    /// <summary>What is asked, behind "must".</summary>
    public string Demand { get; }

    public bool Has(ReadOnlySpan<byte> text)
    {
        foreach (var one in strings)
        {
            if (text.SequenceEqual(one)) return true;
        }
        return false;
    }

    public bool HasFrom(ReadOnlySpan<byte> beginning)
    {
        foreach (var one in strings)
        {
            if (one.AsSpan().StartsWith(beginning)) return true;
        }
        return false;
    }

    public bool Has(JsonValue value) => others.Contains(value);
}
