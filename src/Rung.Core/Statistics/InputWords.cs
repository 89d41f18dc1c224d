namespace Rung.Core.Statistics;

/// <summary>The runs of letters of a text, without allocating; what has more than 32 letters is no word.</summary>
internal ref struct InputWords(ReadOnlySpan<char> text)
{
    private const int Longest = 32;

    private ReadOnlySpan<char> _rest = text;

    /// <summary>The current word.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly InputWords GetEnumerator() => this;

    /// <summary>Goes to the next word of at least two letters.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var start = 0;
            while (start < _rest.Length && !char.IsLetter(_rest[start])) start++;
            var end = start;
            while (end < _rest.Length && char.IsLetter(_rest[end])) end++;
            Current = _rest[start..end];
            _rest = _rest[end..];
            if (Current.Length is >= 2 and <= Longest) return true;
        }
        return false;
    }
}
