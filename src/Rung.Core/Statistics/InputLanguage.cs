namespace Rung.Core.Statistics;

/// <summary>A cheap guess of the language of a text: its script, and for Latin script the common small words of a few languages.</summary>
internal static class InputLanguage
{
    /// <summary>Fewer hits than this leave a Latin text without a language.</summary>
    private const int LeastHits = 2;

    private static readonly string[] s_latin = ["English", "German", "French", "Spanish", "Portuguese", "Italian", "Dutch"];

    private static readonly Dictionary<string, int[]> s_smallWords = SmallWords(
        "the and of to is that for with are this what how you not from have which was be by",
        "der die das und ist nicht ein eine mit für auf von zu den dem wie ich sie auch werden",
        "le la les des est et une pour dans que qui avec sur pas vous nous du au plus sont",
        "el la los las es y una para que con por del como en más su se lo al está",
        "o os as é e um uma para que com por do da não em como mais se ao está",
        "il lo gli di è e un una per che con non del della come in più si sono questo",
        "de het een en van is dat op voor met niet zijn aan ook te er maar om wat hoe");

    private static readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_smallWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What a guess can say; the place of a name is what is counted.</summary>
    public static string[] Names { get; } =
        ["none", .. s_latin, "Latin script", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Thai", "Han", "Kana", "Hangul", "another script"];

    /// <summary>Guesses; the place in <see cref="Names"/>.</summary>
    public static int Guess(ReadOnlySpan<char> text)
    {
        Span<int> scripts = stackalloc int[11];
        scripts.Clear();
        var letters = 0;
        foreach (var c in text)
        {
            if (!char.IsLetter(c)) continue;
            letters++;
            scripts[Script(c)]++;
        }
        if (letters == 0) return 0;
        // Japanese mixes both: a fifth of kana makes it Japanese, however much Han there is.
        if (scripts[8] * 5 >= letters) return s_latin.Length + 1 + 8;
        var most = 0;
        for (var i = 1; i < scripts.Length; i++)
        {
            if (scripts[i] > scripts[most]) most = i;
        }
        return most == 0 ? Latin(text) : s_latin.Length + 1 + most;
    }

    private static int Latin(ReadOnlySpan<char> text)
    {
        Span<int> hits = stackalloc int[s_latin.Length];
        hits.Clear();
        Span<char> lower = stackalloc char[32];
        foreach (var word in new InputWords(text))
        {
            var length = word.ToLowerInvariant(lower);
            if (length < 0 || !s_lookup.TryGetValue(lower[..length], out var languages)) continue;
            foreach (var language in languages) hits[language]++;
        }
        var best = 0;
        for (var i = 1; i < hits.Length; i++)
        {
            if (hits[i] > hits[best]) best = i;
        }
        return hits[best] >= LeastHits ? 1 + best : s_latin.Length + 1;
    }

    /// <summary>Blocks of the Unicode standard: 0 Latin, then in the order of <see cref="Names"/>.</summary>
    private static int Script(char c) => c switch
    {
        < '\u0370' or (>= '\u1E00' and <= '\u1EFF') => 0,
        >= '\u0400' and <= '\u052F' => 1,
        (>= '\u0370' and <= '\u03FF') or (>= '\u1F00' and <= '\u1FFF') => 2,
        (>= '\u0600' and <= '\u06FF') or (>= '\u0750' and <= '\u077F') or (>= '\uFB50' and <= '\uFDFF') => 3,
        >= '\u0590' and <= '\u05FF' => 4,
        >= '\u0900' and <= '\u097F' => 5,
        >= '\u0E00' and <= '\u0E7F' => 6,
        (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF') => 7,
        >= '\u3040' and <= '\u30FF' => 8,
        >= '\uAC00' and <= '\uD7AF' => 9,
        _ => 10,
    };

    private static Dictionary<string, int[]> SmallWords(params string[] lists)
    {
        var words = new Dictionary<string, int[]>(StringComparer.Ordinal);
        for (var language = 0; language < lists.Length; language++)
        {
            foreach (var word in lists[language].Split(' ')) words[word] = words.TryGetValue(word, out var known) ? [.. known, language] : [language];
        }
        return words;
    }
}
