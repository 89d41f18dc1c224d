using System.Text;

namespace Rung.Demo.Traces;

/// <summary>Made-up text: templates filled in, sentences, code.</summary>
internal static class TraceText
{
    private static readonly string[] s_words =
    [
        "the", "order", "invoice", "delivery", "customer", "report", "market", "growth", "paper", "result", "method", "system", "value", "table", "column", "price",
        "service", "account", "change", "request", "error", "answer", "question", "meeting", "team", "week", "month", "contract", "supplier", "battery", "engine", "study",
        "model", "sample", "energy", "storage", "region", "policy", "budget", "forecast", "review", "draft", "version", "branch", "commit", "module", "function", "window",
        "was", "is", "has", "will", "may", "shows", "needs", "contains", "follows", "from", "with", "without", "after", "before", "between", "under", "and", "but", "because",
    ];

    private static readonly string[] s_names = ["Ada Byrne", "Li Wei", "Marta Kovac", "Jonas Lind", "Priya Nair", "Tom Okafor", "Sara Haddad", "Ivan Petrov", "Mei Tanaka", "Luis Ortega"];
    private static readonly string[] s_cities = ["Oslo", "Lyon", "Porto", "Graz", "Cork", "Turku", "Ghent", "Bergen", "Siena", "Brno"];
    private static readonly string[] s_languages = ["English", "German", "French", "Spanish", "Dutch"];
    private static readonly string[] s_products = ["desk lamp", "kettle", "bicycle pump", "rain jacket", "headset", "water filter", "office chair", "tent"];

    /// <summary>Replaces <c>{name}</c>, <c>{doc:120}</c> (words) and the like.</summary>
    public static string Fill(string template, ref DemoChance chance)
    {
        if (!template.Contains('{', StringComparison.Ordinal)) return template;
        var text = new StringBuilder(template.Length + 64);
        var at = 0;
        while (true)
        {
            var open = template.IndexOf('{', at);
            if (open < 0) return text.Append(template, at, template.Length - at).ToString();
            var close = template.IndexOf('}', open);
            text.Append(template, at, open - at).Append(Value(template.AsSpan(open + 1, close - open - 1), ref chance));
            at = close + 1;
        }
    }

    /// <summary>So many words in sentences and paragraphs.</summary>
    public static string Prose(int words, ref DemoChance chance)
    {
        var text = new StringBuilder(words * 7);
        var left = 0;
        for (var i = 0; i < words; i++)
        {
            var word = chance.Pick(s_words);
            if (left == 0)
            {
                if (text.Length > 0) text.Append(chance.Between(0, 5) == 0 ? ".\n" : ". ");
                text.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
                left = chance.Between(6, 18);
            }
            else text.Append(' ').Append(word);
            left--;
        }
        return text.Append('.').ToString();
    }

    /// <summary>So many lines of something like code.</summary>
    public static string Code(int lines, ref DemoChance chance)
    {
        var text = new StringBuilder("```python\n");
        for (var i = 0; i < lines; i++) text.Append("    ").Append(chance.Pick(s_words)).Append('_').Append(chance.Between(1, 99)).Append(" = ").Append(chance.Pick(s_words)).Append('(').Append(chance.Pick(s_words)).Append(")\n");
        return text.Append("```").ToString();
    }

    private static string Value(ReadOnlySpan<char> variable, ref DemoChance chance) => variable switch
    {
        "name" => chance.Pick(s_names),
        "city" => chance.Pick(s_cities),
        "language" => chance.Pick(s_languages),
        "product" => chance.Pick(s_products),
        "date" => $"2026-{chance.Between(8, 11):00}-{chance.Between(1, 28):00}",
        "order" => $"A-{chance.Between(100_000, 999_999)}",
        "number" => chance.Between(2, 9999).ToString("0"),
        "id" => $"{chance.Next():x16}{chance.Next():x16}",
        "path" => $"src/{chance.Pick(s_words)}/{chance.Pick(s_words)}_{chance.Between(1, 60)}.py",
        "url" => $"https://example.org/{chance.Pick(s_words)}/{chance.Between(1, 99999)}",
        _ when variable.StartsWith("doc:") => Prose(Around(int.Parse(variable[4..]), ref chance), ref chance),
        _ when variable.StartsWith("code:") => Code(Around(int.Parse(variable[5..]), ref chance), ref chance),
        _ => throw new ArgumentException($"There is no variable {{{variable}}}.", nameof(variable)),
    };

    private static int Around(int middle, ref DemoChance chance) => chance.Between(Math.Max(3, middle / 3), middle * 5 / 3);
}
