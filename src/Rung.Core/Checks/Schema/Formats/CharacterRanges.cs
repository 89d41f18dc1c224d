namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Sets of characters as a sorted list of first and last code points.</summary>
internal static class CharacterRanges
{
    /// <summary>Whether a character lies in one of the ranges. Logarithmic in their number.</summary>
    internal static bool Contains(ReadOnlySpan<int> ranges, int character)
    {
        var at = ranges.BinarySearch(character);
        return at >= 0 || (~at & 1) == 1; // Between the first and the last of a range the place to insert is odd.
    }
}
