namespace Rung.Core.Learning.Features;

/// <summary>Length, form and wording of an answer: whether it ends, repeats itself, doubts.</summary>
internal static class SurfaceFeatures
{
    public static void Write(TextFacts prompt, TextFacts answer, string? finishReason, FeatureSheet sheet)
    {
        var text = answer.Text;
        var trimmed = text.AsSpan().Trim();
        sheet.Flag(Feature.AnswerIsEmpty, trimmed.IsEmpty);
        sheet.Flag(Feature.RanIntoLimit, finishReason == "length");
        if (trimmed.IsEmpty) return;

        sheet.Log(Feature.AnswerChars, text.Length);
        sheet.Log(Feature.AnswerWords, answer.Words.Count);
        sheet.Log(Feature.AnswerSentences, Sentences(text));
        sheet.Log(Feature.AnswerNumbers, answer.Numbers.Count);
        sheet.Share(Feature.AnswerDigitShare, text.Count(char.IsAsciiDigit), text.Length);
        sheet.Share(Feature.AnswerCapitalShare, text.Count(char.IsAsciiLetterUpper), text.Length);
        sheet[Feature.AnswerMeanWordLength] = MeanWordLength(answer);
        sheet[Feature.AnswerToPromptLength] = Math.Log((1.0 + text.Length) / (1 + prompt.Text.Length));
        sheet.Log(Feature.AnswerQuestionMarks, text.AsSpan().Count('?'));
        sheet.Log(Feature.AnswerCodeMarks, CodeMarks(text));
        sheet.Log(Feature.AnswerBold, text.AsSpan().Count("**"));
        sheet.Share(Feature.AnswerNonAscii, text.Count(c => c > 127), text.Length);
        sheet.Flag(Feature.AnswerStartsLower, char.IsLower(trimmed[0]));
        WriteLines(text, sheet);
        WriteEnd(text, trimmed, sheet);
        WriteWords(prompt, answer, sheet);
        WriteDoubt(answer, sheet);
    }

    /// <summary>Ends of sentences: a mark with a blank, a line end or nothing behind it.</summary>
    public static int Sentences(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '.' or '!' or '?' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]))) count++;
        }
        return count;
    }

    /// <summary>Letters of a word on average; 0 without words.</summary>
    public static double MeanWordLength(TextFacts facts) =>
        facts.Words.Count == 0 ? 0 : facts.Words.Sum(word => word.End.Value - word.Start.Value) / (double)facts.Words.Count;

    /// <summary>Signs that code uses and prose does not.</summary>
    public static int CodeMarks(string text) =>
        text.AsSpan().Count('{') + text.AsSpan().Count('`') + text.AsSpan().Count("();") + text.AsSpan().Count("==") + text.AsSpan().Count("->");

    private static void WriteLines(string text, FeatureSheet sheet)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int lines = 0, repeated = 0, items = 0, paragraphs = 1;
        var wasBlank = false;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range].Trim();
            if (line.IsEmpty)
            {
                wasBlank = true;
                continue;
            }
            if (wasBlank && lines > 0) paragraphs++;
            wasBlank = false;
            lines++;
            if (line.Length > 12 && !seen.Add(line.ToString())) repeated++;
            if (line[0] is '-' or '*' or '•' || (char.IsAsciiDigit(line[0]) && line.Length > 1 && line[1] is '.' or ')')) items++;
        }
        sheet.Log(Feature.AnswerLines, lines);
        sheet.Log(Feature.RepeatedLines, repeated);
        sheet.Log(Feature.AnswerListItems, items);
        sheet.Log(Feature.AnswerParagraphs, paragraphs);
    }

    private static void WriteEnd(string text, ReadOnlySpan<char> trimmed, FeatureSheet sheet)
    {
        var last = trimmed[^1];
        sheet.Flag(Feature.EndsInMark, last is '.' or '!' or '?' or ')' or ']' or '}' or '"' or '`' or '*');
        sheet.Flag(Feature.EndsInMidSentence, char.IsLetter(last) || last is ',' or '+' or '-' or '=' or '(' or '<' or ':' or '/');
        sheet.Log(Feature.UnclosedBrackets, Math.Max(0, text.AsSpan().Count('(') - text.AsSpan().Count(')')) + Math.Max(0, text.AsSpan().Count("<<") - text.AsSpan().Count(">>")));
        int longest = 0, since = 0;
        foreach (var c in trimmed)
        {
            since = c is '.' or '!' or '?' or '\n' ? 0 : since + 1;
            longest = Math.Max(longest, since);
        }
        sheet.Log(Feature.LongestSentence, longest);
    }

    private static void WriteWords(TextFacts prompt, TextFacts answer, FeatureSheet sheet)
    {
        var inAnswer = answer.Content;
        var inPrompt = prompt.Content;
        var both = inAnswer.Count(inPrompt.Contains);
        sheet.Share(Feature.PromptWordsInAnswer, both, inPrompt.Count);
        sheet.Share(Feature.AnswerWordsInPrompt, both, inAnswer.Count);

        var distinct = new HashSet<ulong>();
        var trigrams = new HashSet<ulong>();
        ulong a = 0, b = 0;
        for (var i = 0; i < answer.Words.Count; i++)
        {
            var hash = TextHash.Of(answer.Word(i), 7);
            distinct.Add(hash);
            if (i >= 2) trigrams.Add(TextHash.Join(TextHash.Join(a, b), hash));
            (a, b) = (b, hash);
        }
        sheet.Share(Feature.DistinctWordShare, distinct.Count, answer.Words.Count);
        sheet.Share(Feature.RepeatedTrigrams, answer.Words.Count - 2 - trigrams.Count, answer.Words.Count - 2);
        sheet.Log(Feature.AnswerStepWords, answer.Count("step", "first", "second", "third", "next", "then", "finally"));
    }

    private static void WriteDoubt(TextFacts answer, FeatureSheet sheet)
    {
        sheet.Log(Feature.DoubtWords, answer.Count("however", " but ", "although", "might", "perhaps", "possibly", "unclear", "not sure", "unsure", "may be", "could be"));
        sheet.Log(Feature.DoubtApproximate, answer.Count("approximately", "approx", "about ", "roughly", "around ", "≈", "nearly", "close to", "round"));
        sheet.Log(Feature.DoubtAssume, answer.Count("assum", "suppose", "let's say", "presum", "without more", "not specified", "not given", "not provided", "unspecified", "not mention"));
        sheet.Log(Feature.DoubtCorrection, answer.Count("wait", "actually", "let me re", "correction", "mistake", "let's re", "re-e", "recalculate", "double-check", "instead", "oops"));
        sheet.Log(Feature.DoubtImpossible, answer.Count("cannot", "can't", "impossible", "not possible", "doesn't make sense", "does not make sense", "contradict", "unable", "no solution", "not enough"));
        sheet.Log(Feature.DoubtNoOption, answer.Count("none of the", "no option", "not among", "not listed", "not one of", "no correct", "doesn't match", "does not match", "isn't listed", "not match", "not available"));
        sheet.Log(Feature.DoubtClosest, answer.Count("closest", "nearest", "most likely", "best answer", "best option", "most appropriate", "best fit", "educated guess"));
        sheet.Log(Feature.DoubtApology, answer.Count("sorry", "apolog", "i'm unable", "as an ai", "please provide", "could you", "can you provide", "let me know", "would you like", "don't have"));
        sheet.Log(Feature.SureWords, answer.Count("clearly", "definitely", "obviously", "certainly", "by definition", "known as", "is called", "refers to"));
        sheet.Log(Feature.SaysThereforeSo, answer.Count("therefore", "thus", "hence", " so ", "because", "since"));
    }
}
