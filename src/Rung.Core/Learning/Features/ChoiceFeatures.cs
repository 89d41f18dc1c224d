namespace Rung.Core.Learning.Features;

/// <summary>For prompts that offer options A, B, C…: which one was chosen, and whether the reasoning leads there.</summary>
internal static class ChoiceFeatures
{
    private const int MaxOptions = 16;

    private readonly record struct Option(string Lower, WordSet Words, double? Number);

    public static void Write(TextFacts prompt, TextFacts answer, FinalAnswer final, FeatureSheet sheet)
    {
        var options = Options(prompt);
        if (options.Count < 2) return;

        sheet[Feature.Options] = options.Count;
        sheet.Share(Feature.OptionNumbersShare, options.Count(option => option.Number is not null), options.Count);
        sheet.Log(Feature.OptionWords, options.Sum(option => option.Words.Count) / (double)options.Count);
        sheet[Feature.OptionSimilarity] = Similarity(options);
        sheet.Flag(Feature.HasNoneOrAll, options.Exists(IsNoneOrAll));
        if (answer.IsBlank) return;

        var letters = Mentions(answer.Text, options.Count);
        var chosen = Chosen(answer, final, options.Count, out var at);
        sheet.Flag(Feature.HasLetter, chosen >= 0);
        sheet[Feature.LettersSaid] = letters.Count(count => count > 0);
        sheet.Log(Feature.AnswerIsMentions, answer.Count(Feature.AnswerIsMentions));
        if (chosen < 0) return;

        sheet[Feature.ChosenLetter] = 1 + chosen;
        sheet.Log(Feature.LetterMentions, letters[chosen]);
        sheet.Log(Feature.OtherLetterMentions, letters.Sum() - letters[chosen]);
        sheet.Flag(Feature.ChosenIsNoneOrAll, IsNoneOrAll(options[chosen]));
        sheet.Share(Feature.ChosenLengthRank, options.Count(option => option.Lower.Length < options[chosen].Lower.Length), options.Count - 1);
        var words = 0;
        while (words < answer.Words.Length && answer.Words[words].End <= at) words++;
        sheet.Log(Feature.WordsBeforeChoice, words);
        WriteOverlap(answer, options, chosen, at, sheet);
        WriteComputed(answer, options, chosen, at, sheet);
    }

    // Does the reasoning speak of the chosen option more than of the others?
    private static void WriteOverlap(TextFacts answer, List<Option> options, int chosen, int at, FeatureSheet sheet)
    {
        var reasoning = answer.ContentUpTo(at);
        var overlaps = options.Select(option => option.Words.Count == 0 ? 0 : option.Words.CountIn(reasoning) / (double)option.Words.Count).ToArray();
        var others = overlaps.Where((_, i) => i != chosen).ToArray();
        sheet[Feature.ChosenOverlap] = overlaps[chosen];
        sheet[Feature.BestOtherOverlap] = others.Max();
        sheet.Share(Feature.OverlapRank, others.Count(overlap => overlap > overlaps[chosen]), others.Length);
    }

    // Is the last number of the reasoning the number of the chosen option, of another one, or of none?
    private static void WriteComputed(TextFacts answer, List<Option> options, int chosen, int at, FeatureSheet sheet)
    {
        if (options.Count(option => option.Number is not null) < 2) return;
        double? computed = null;
        foreach (var number in answer.Numbers)
        {
            if (number.End <= at) computed = number.Value;
        }
        if (computed is not { } value)
        {
            sheet.Flag(Feature.ComputedMatchesNone, true);
            return;
        }
        var isChosen = Matches(options[chosen].Number, value);
        var isOther = options.Where((option, i) => i != chosen && Matches(option.Number, value)).Any();
        sheet.Flag(Feature.ComputedMatchesChosen, isChosen);
        sheet.Flag(Feature.ComputedMatchesOther, isOther && !isChosen);
        sheet.Flag(Feature.ComputedMatchesNone, !isOther && !isChosen);
    }

    private static bool Matches(double? option, double value) => option is { } number && Math.Abs(number - value) <= 0.005 * Math.Max(Math.Abs(number), Math.Abs(value)) + 1e-9;

    // Lines that begin with the letters in their order: "A. …", "A) …", "(A) …".
    private static List<Option> Options(TextFacts prompt)
    {
        var options = new List<Option>();
        foreach (var range in prompt.Text.AsSpan().Split('\n'))
        {
            var line = prompt.Text.AsSpan()[range].Trim();
            if (options.Count >= MaxOptions) break;
            var letter = (char)('A' + options.Count);
            var offset = line.Length > 2 && line[0] == '(' ? 1 : 0;
            if (line.Length < offset + 2 || line[offset] != letter || line[offset + 1] is not ('.' or ')' or ':')) continue;
            var lower = line[(offset + 2)..].Trim().ToString().ToLowerInvariant();
            var numbers = TextNumber.Find(lower, limit: 2);
            options.Add(new Option(lower, TextFacts.ContentOf(lower), numbers.Count > 0 ? numbers[0].Value : null));
        }
        return options;
    }

    // A letter in brackets, or alone behind the words that announce the result; else the last one in brackets; else a lone letter.
    private static int Chosen(TextFacts answer, FinalAnswer final, int options, out int at)
    {
        var text = answer.Text;
        at = text.Length;
        if (final.At >= 0)
        {
            for (var i = final.At; i < text.Length && i < final.At + 24; i++)
            {
                if (!IsLetter(text, i, options)) continue;
                at = i;
                return text[i] - 'A';
            }
        }
        for (var i = text.Length - 2; i >= 1; i--)
        {
            if (text[i - 1] != '(' || text[i + 1] != ')' || !IsLetter(text, i, options)) continue;
            at = i;
            return text[i] - 'A';
        }
        var trimmed = text.AsSpan().Trim(" \n\r\t*.:()[]");
        if (trimmed.Length != 1 || trimmed[0] < 'A' || trimmed[0] >= 'A' + options) return -1;
        at = 0;
        return trimmed[0] - 'A';
    }

    private static int[] Mentions(string text, int options)
    {
        var counts = new int[options];
        for (var i = 1; i + 1 < text.Length; i++)
        {
            if (text[i - 1] == '(' && text[i + 1] == ')' && IsLetter(text, i, options)) counts[text[i] - 'A']++;
        }
        return counts;
    }

    private static bool IsLetter(string text, int i, int options) => text[i] >= 'A' && text[i] < 'A' + options
        && (i == 0 || !char.IsLetterOrDigit(text[i - 1])) && (i + 1 >= text.Length || !(char.IsLetterOrDigit(text[i + 1]) || text[i + 1] == '\''));

    private static bool IsNoneOrAll(Option option) =>
        option.Lower.Contains("none of", StringComparison.Ordinal) || option.Lower.Contains("all of", StringComparison.Ordinal) || option.Lower.Contains("not enough", StringComparison.Ordinal);

    // How much of the words of two neighbouring options is the same, on average: near-identical options are harder.
    private static double Similarity(List<Option> options)
    {
        double sum = 0;
        for (var i = 1; i < options.Count; i++)
        {
            var (a, b) = (options[i - 1].Words, options[i].Words);
            var both = a.CountIn(b);
            if (a.Count + b.Count - both > 0) sum += both / (double)(a.Count + b.Count - both);
        }
        return sum / (options.Count - 1);
    }
}
