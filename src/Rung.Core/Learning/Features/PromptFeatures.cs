namespace Rung.Core.Learning.Features;

/// <summary>What a prompt looks like and asks for.</summary>
internal static class PromptFeatures
{
    private static readonly (string Word, double Value)[] s_numberWords =
    [
        ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10), ("eleven", 11), ("twelve", 12),
        ("fifteen", 15), ("twenty", 20), ("thirty", 30), ("forty", 40), ("fifty", 50), ("hundred", 100), ("thousand", 1000), ("dozen", 12), ("half", 0.5),
        ("twice", 2), ("double", 2), ("triple", 3), ("thrice", 3), ("quarter", 0.25), ("third", 3), ("quadruple", 4), ("one", 1), ("week", 7), ("year", 12), ("hour", 60),
    ];

    public static void Write(TextFacts prompt, FeatureSheet sheet)
    {
        var text = prompt.Text;
        sheet.Log(Feature.PromptChars, text.Length);
        sheet.Log(Feature.PromptWords, prompt.Words.Count);
        sheet.Log(Feature.PromptSentences, SurfaceFeatures.Sentences(text));
        sheet.Log(Feature.PromptQuestionMarks, text.AsSpan().Count('?'));
        sheet.Log(Feature.PromptLines, text.AsSpan().Count('\n'));
        sheet.Log(Feature.PromptNumbers, prompt.Numbers.Count);
        sheet.Log(Feature.PromptNumberWords, NumberWords(prompt).Count());
        sheet.Log(Feature.PromptMoney, prompt.Numbers.Count(number => number.IsMoney));
        sheet.Log(Feature.PromptPercents, prompt.Numbers.Count(number => number.IsPercent) + prompt.Count("percent"));
        sheet.Log(Feature.PromptDecimals, prompt.Numbers.Count(number => number.Decimals > 0));
        sheet.Log(Feature.PromptLargestNumber, prompt.Numbers.Count > 0 ? prompt.Numbers.Max(number => Math.Abs(number.Value)) : 0);
        sheet.Log(Feature.PromptFractions, Fractions(text));
        sheet.Share(Feature.PromptCapitals, text.Count(char.IsAsciiLetterUpper), text.Length);
        sheet[Feature.PromptMeanWordLength] = SurfaceFeatures.MeanWordLength(prompt);
        sheet.Log(Feature.PromptCodeMarks, SurfaceFeatures.CodeMarks(text));
        sheet.Log(Feature.PromptMathMarks, text.AsSpan().Count('^') + text.AsSpan().Count('=') + text.AsSpan().Count('\\') + text.AsSpan().Count('_'));
        sheet.Log(Feature.PromptBlanks, prompt.Count("____", "blank"));
        WriteWording(prompt, sheet);
    }

    /// <summary>The values that the prompt gives in words: <c>three</c>, <c>half</c>, <c>dozen</c>.</summary>
    public static IEnumerable<double> NumberWords(TextFacts prompt)
    {
        var lookup = s_byWord.GetAlternateLookup<ReadOnlySpan<char>>();
        var found = new List<double>();
        for (var i = 0; i < prompt.Words.Count; i++)
        {
            if (lookup.TryGetValue(prompt.Word(i), out var value)) found.Add(value);
        }
        return found;
    }

    private static readonly Dictionary<string, double> s_byWord = s_numberWords.ToDictionary(word => word.Word, word => word.Value, StringComparer.Ordinal);

    private static void WriteWording(TextFacts prompt, FeatureSheet sheet)
    {
        sheet.Flag(Feature.AsksHowMany, prompt.Has("how many"));
        sheet.Flag(Feature.AsksHowMuch, prompt.Has("how much"));
        sheet.Flag(Feature.AsksPercent, prompt.Has("what percent", "percentage", "what fraction", "ratio", "probability"));
        sheet.Flag(Feature.AsksTotal, prompt.Has("total", "altogether", "in all", "combined", "sum of"));
        sheet.Flag(Feature.AsksDifference, prompt.Has("how many more", "how much more", "difference", "fewer", "how much less", "how many less"));
        sheet.Flag(Feature.AsksAverage, prompt.Has("average", "mean ", "median"));
        sheet.Flag(Feature.AsksWhich, prompt.Has("which", "who "));
        sheet.Flag(Feature.AsksWhy, prompt.Has("why", "explain", "describe", "discuss"));
        sheet.Log(Feature.AsksNot, prompt.Count(" not ", "except", "n't ", "least likely", "incorrect", "false"));
        sheet.Log(Feature.SaysEach, prompt.Count(" each"));
        sheet.Log(Feature.SaysPer, prompt.Count(" per ", " a day", " a week", " an hour"));
        sheet.Log(Feature.SaysTimes, prompt.Count(" times", "twice", "double", "triple"));
        sheet.Log(Feature.SaysMoreLess, prompt.Count("more than", "less than", "fewer than", "older", "younger", "longer", "as many", "as much"));
        sheet.Log(Feature.SaysHalf, prompt.Count("half", "third", "quarter", "fourth", "fifth"));
        sheet.Log(Feature.SaysIf, prompt.Count("if ", "suppose", "assume"));
        sheet.Log(Feature.SaysRemaining, prompt.Count("left", "remain", "rest of", "still"));
        sheet.Log(Feature.SaysEvery, prompt.Count("every", " all ", "except"));
        sheet.Log(Feature.SaysFirstSecond, prompt.Count("first", "second", "third", "last", "next", "then", "after", "before"));
        sheet.Log(Feature.SaysTimeUnits, prompt.Count("minute", "hour", "day", "week", "month", "year"));
        sheet.Log(Feature.SaysConjunctions, Conjunctions(prompt));
    }

    /// <summary>How often the prompt joins things that could each be a task of their own.</summary>
    public static int Conjunctions(TextFacts prompt) => prompt.Count(" and ", " also ", " then ", "; ", ", and", " as well as", "additionally", "finally", "lastly");

    private static int Fractions(string text)
    {
        var count = 0;
        for (var i = 1; i + 1 < text.Length; i++)
        {
            if (text[i] == '/' && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1])) count++;
        }
        return count;
    }
}
