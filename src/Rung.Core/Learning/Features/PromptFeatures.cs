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

    /// <summary>What is counted in prompts, by the feature that counts it.</summary>
    public static PhraseCounter Phrases { get; } = new(
        (Feature.PromptPercents, ["percent"]),
        (Feature.PromptBlanks, ["____", "blank"]),
        (Feature.AsksHowMany, ["how many"]),
        (Feature.AsksHowMuch, ["how much"]),
        (Feature.AsksPercent, ["what percent", "percentage", "what fraction", "ratio", "probability"]),
        (Feature.AsksTotal, ["total", "altogether", "in all", "combined", "sum of"]),
        (Feature.AsksDifference, ["how many more", "how much more", "difference", "fewer", "how much less", "how many less"]),
        (Feature.AsksAverage, ["average", "mean ", "median"]),
        (Feature.AsksWhich, ["which", "who "]),
        (Feature.AsksWhy, ["why", "explain", "describe", "discuss"]),
        (Feature.AsksNot, [" not ", "except", "n't ", "least likely", "incorrect", "false"]),
        (Feature.SaysEach, [" each"]),
        (Feature.SaysPer, [" per ", " a day", " a week", " an hour"]),
        (Feature.SaysTimes, [" times", "twice", "double", "triple"]),
        (Feature.SaysMoreLess, ["more than", "less than", "fewer than", "older", "younger", "longer", "as many", "as much"]),
        (Feature.SaysHalf, ["half", "third", "quarter", "fourth", "fifth"]),
        (Feature.SaysIf, ["if ", "suppose", "assume"]),
        (Feature.SaysRemaining, ["left", "remain", "rest of", "still"]),
        (Feature.SaysEvery, ["every", " all ", "except"]),
        (Feature.SaysFirstSecond, ["first", "second", "third", "last", "next", "then", "after", "before"]),
        (Feature.SaysTimeUnits, ["minute", "hour", "day", "week", "month", "year"]),
        // How often the prompt joins things that could each be a task of their own.
        (Feature.SaysConjunctions, [" and ", " also ", " then ", "; ", ", and", " as well as", "additionally", "finally", "lastly"]),
        // "How many" of these need not be a whole number.
        (Feature.FinalFitsQuestion, ["how many times", "average", "percent", "how many hours", "how many pounds", "how many gallons", "how many liters"]));

    public static void Write(TextFacts prompt, List<double> numberWords, FeatureSheet sheet)
    {
        var text = prompt.Text;
        sheet.Log(Feature.PromptChars, text.Length);
        sheet.Log(Feature.PromptWords, prompt.Words.Length);
        sheet.Log(Feature.PromptSentences, SurfaceFeatures.Sentences(text));
        sheet.Log(Feature.PromptQuestionMarks, text.AsSpan().Count('?'));
        sheet.Log(Feature.PromptLines, text.AsSpan().Count('\n'));
        sheet.Log(Feature.PromptNumbers, prompt.Numbers.Count);
        sheet.Log(Feature.PromptNumberWords, numberWords.Count);
        int money = 0, percents = 0, decimals = 0;
        double largest = 0;
        foreach (var number in prompt.Numbers)
        {
            money += number.IsMoney ? 1 : 0;
            percents += number.IsPercent ? 1 : 0;
            decimals += number.Decimals > 0 ? 1 : 0;
            largest = Math.Max(largest, Math.Abs(number.Value));
        }
        sheet.Log(Feature.PromptMoney, money);
        sheet.Log(Feature.PromptPercents, percents + prompt.Count(Feature.PromptPercents));
        sheet.Log(Feature.PromptDecimals, decimals);
        sheet.Log(Feature.PromptLargestNumber, largest);
        sheet.Log(Feature.PromptFractions, Fractions(text));
        sheet.Share(Feature.PromptCapitals, SurfaceFeatures.Capitals(text), text.Length);
        sheet[Feature.PromptMeanWordLength] = SurfaceFeatures.MeanWordLength(prompt);
        sheet.Log(Feature.PromptCodeMarks, SurfaceFeatures.CodeMarks(text));
        sheet.Log(Feature.PromptMathMarks, text.AsSpan().Count('^') + text.AsSpan().Count('=') + text.AsSpan().Count('\\') + text.AsSpan().Count('_'));
        sheet.Log(Feature.PromptBlanks, prompt.Count(Feature.PromptBlanks));
        WriteWording(prompt, sheet);
    }

    /// <summary>The values that the prompt gives in words: <c>three</c>, <c>half</c>, <c>dozen</c>.</summary>
    public static List<double> NumberWords(TextFacts prompt)
    {
        var found = new List<double>();
        foreach (var word in prompt.Words)
        {
            if (s_byWord.TryGetValue(word.Id, out var value)) found.Add(value);
        }
        return found;
    }

    private static readonly Dictionary<ulong, double> s_byWord = s_numberWords.ToDictionary(word => TextTokens.IdOf(word.Word), word => word.Value);

    private static void WriteWording(TextFacts prompt, FeatureSheet sheet)
    {
        for (var feature = Feature.AsksHowMany; feature <= Feature.AsksWhy; feature++) sheet.Flag(feature, prompt.Has(feature));
        for (var feature = Feature.AsksNot; feature <= Feature.SaysConjunctions; feature++) sheet.Log(feature, prompt.Count(feature));
    }

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
