namespace Rung.Core.Learning.Features;

/// <summary>
/// Counts many phrases in one pass over a text: the automaton of A. V. Aho and M. J. Corasick (Efficient String Matching, CACM 18 (1975), 333–340) as a table.
/// Every phrase is counted by itself, without overlaps with itself, as <c>Count</c> of a span would. Immutable, shared between threads.
/// </summary>
internal sealed class PhraseCounter
{
    private readonly record struct Phrase(int Feature, int Length, int Guard);

    private readonly byte[] _classes = new byte[128];
    private readonly List<char> _wide = [];
    private readonly int _classCount = 1;
    private readonly int _guards;
    // The next state by state and class of character: twice the place of its row, and one more where a phrase ends.
    private readonly int[] _next;
    // What ends in a state; empty for most.
    private readonly Phrase[][] _ends;

    /// <summary>Builds the automaton.</summary>
    /// <param name="groups">Phrases in small letters, and the feature that counts all of them together.</param>
    public PhraseCounter(params (Feature Feature, string[] Phrases)[] groups)
    {
        foreach (var c in groups.SelectMany(group => group.Phrases).SelectMany(phrase => phrase).Distinct())
        {
            if (c < 128) _classes[c] = (byte)_classCount++;
            else _wide.Add(c);
        }
        _classCount += _wide.Count;

        var rows = new List<int[]> { new int[_classCount] };
        var ends = new List<List<Phrase>> { new() };
        foreach (var (feature, phrases) in groups)
        {
            foreach (var phrase in phrases)
            {
                var state = 0;
                foreach (var c in phrase)
                {
                    var at = Class(c);
                    if (rows[state][at] == 0)
                    {
                        rows[state][at] = rows.Count;
                        rows.Add(new int[_classCount]);
                        ends.Add([]);
                    }
                    state = rows[state][at];
                }
                ends[state].Add(new Phrase((int)feature, phrase.Length, CanOverlapItself(phrase) ? _guards++ : -1));
            }
        }
        Link(rows, ends);
        _next = [.. rows.SelectMany(row => row.Select(state => (state * _classCount * 2) + (ends[state].Count > 0 ? 1 : 0)))];
        _ends = [.. ends.Select(list => list.ToArray())];
    }

    /// <summary>How often the phrases of each feature occur.</summary>
    /// <param name="text">The text in small letters.</param>
    /// <returns>Counts by <see cref="Feature"/>; 0 for features without phrases.</returns>
    public int[] Count(ReadOnlySpan<char> text)
    {
        var counts = new int[AnswerFeatures.Count];
        Span<int> free = stackalloc int[_guards];
        free.Clear();
        var state = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            state = _next[(state >> 1) + (c < 128 ? _classes[c] : Class(c))];
            if ((state & 1) != 0) Take(_ends[(state >> 1) / _classCount], i + 1, free, counts);
        }
        return counts;
    }

    private static void Take(Phrase[] ends, int end, Span<int> free, int[] counts)
    {
        foreach (var phrase in ends)
        {
            if (phrase.Guard >= 0)
            {
                if (end - phrase.Length < free[phrase.Guard]) continue;
                free[phrase.Guard] = end;
            }
            counts[phrase.Feature]++;
        }
    }

    private int Class(char c)
    {
        if (c < 128) return _classes[c];
        var at = _wide.IndexOf(c);
        return at < 0 ? 0 : _classCount - _wide.Count + at;
    }

    // Breadth first: where no phrase goes on, the longest end of what was read that begins a phrase does.
    private static void Link(List<int[]> rows, List<List<Phrase>> ends)
    {
        var back = new int[rows.Count];
        var queue = new Queue<int>(rows[0].Where(state => state != 0));
        while (queue.TryDequeue(out var state))
        {
            ends[state].AddRange(ends[back[state]]);
            for (var at = 0; at < rows[state].Length; at++)
            {
                var next = rows[state][at];
                if (next == 0)
                {
                    rows[state][at] = rows[back[state]][at];
                    continue;
                }
                back[next] = rows[back[state]][at];
                queue.Enqueue(next);
            }
        }
    }

    private static bool CanOverlapItself(string phrase)
    {
        for (var length = 1; length < phrase.Length; length++)
        {
            if (phrase.StartsWith(phrase[^length..], StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
