namespace Rung.Core.Checks.Schema.Running;

/// <summary>What is known of a string that has not ended: its first bytes, and how many characters there are.</summary>
internal readonly ref struct Beginning(ReadOnlySpan<byte> text, int codePoints)
{
    public ReadOnlySpan<byte> Text { get; } = text;
    public int CodePoints { get; } = codePoints;
    public bool IsKnown { get; } = true;
}
