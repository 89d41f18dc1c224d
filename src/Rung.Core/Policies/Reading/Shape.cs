using System.Collections.Immutable;

namespace Rung.Core.Policies.Reading;

/// <summary>What a value of the policy may be. The reader, the JSON Schema and their tests all come from these tables.</summary>
internal abstract record Shape
{
    /// <summary>What is wanted, in words: "a whole number from 1 to 100".</summary>
    public abstract string Wanted { get; }
}

/// <summary>Text.</summary>
internal sealed record TextShape : Shape
{
    /// <summary>Most characters.</summary>
    public int Longest { get; init; } = 512;
    /// <summary>Regular expression that the whole text follows; null for any.</summary>
    public string? Pattern { get; init; }
    /// <summary>What the pattern asks for, in words.</summary>
    public string? PatternInWords { get; init; }
    /// <summary>The only words allowed; empty for any text. The words true and false stand for booleans.</summary>
    public ImmutableArray<string> Words { get; init; } = [];
    /// <summary>Whether the value may hold a secret by mistake: it is never echoed.</summary>
    public bool IsSensitive { get; init; }
    /// <summary>Whether <c>${…}</c> is content and not an attempt to interpolate.</summary>
    public bool IsVerbatim { get; init; }

    public override string Wanted =>
        !Words.IsEmpty ? $"one of {string.Join(", ", Words)}" : PatternInWords ?? $"text of 1 to {Longest} characters";
}

/// <summary>true or false.</summary>
internal sealed record BooleanShape : Shape
{
    public override string Wanted => "true or false";
}

/// <summary>A whole number in a range.</summary>
internal sealed record IntegerShape(long Least, long Most) : Shape
{
    public override string Wanted => Least == Most ? $"the number {Least}" : $"a whole number from {Least} to {Most}";
}

/// <summary>A decimal number in a range, with at most so many decimals.</summary>
internal sealed record NumberShape(decimal Least, decimal Most, int Decimals) : Shape
{
    public override string Wanted => Most == decimal.MaxValue ? "a number" : $"a number from {Least} to {Most}";
}

/// <summary>A list.</summary>
internal sealed record ListShape(Shape Item, int Least, int Most) : Shape
{
    public override string Wanted => $"a list of {Least} to {Most} items, each {Item.Wanted}";
}

/// <summary>A map whose keys are names that the author chooses.</summary>
internal sealed record NamedShape(string One, Shape Value, int Least, int Most) : Shape
{
    public override string Wanted => $"a map of {One} names";
}

/// <summary>A map with known keys.</summary>
internal sealed record ObjectShape(string Title, ImmutableArray<ShapeKey> Keys) : Shape
{
    /// <summary>Whether exactly one key must be there.</summary>
    public bool IsOneKey { get; init; }
    /// <summary>Whether at least one key must be there.</summary>
    public bool NeedsAny { get; init; }

    public override string Wanted => $"a map with the keys {string.Join(", ", Keys.Select(key => key.Name))}";
}

/// <summary>One of several shapes, told apart by being a single value, a list or a map.</summary>
internal sealed record ChoiceShape(ImmutableArray<Shape> Options) : Shape
{
    public override string Wanted => string.Join(", or ", Options.Select(option => option.Wanted));
}

/// <summary>A key of an <see cref="ObjectShape"/>.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What it holds.</param>
/// <param name="Says">What it means, one sentence.</param>
internal sealed record ShapeKey(string Name, Shape Shape, string Says)
{
    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>A shape by its name, so that a shape can hold itself. Told in words by its name alone.</summary>
internal sealed record NamedReference(string Name, Func<Shape> Resolve) : Shape
{
    /// <summary>The shape itself.</summary>
    public Shape Target => Resolve();

    public override string Wanted => $"a {Name}";
}
