namespace Rung.Core.Learning.Features;

/// <summary>Length, form and wording of an answer: whether it ends, repeats itself, doubts.</summary>
internal static class SurfaceFeatures
{
    /// <summary>What is counted in answers, by the feature that counts it.</summary>
    public static PhraseCounter Phrases { get; } = new(
        (Feature.AnswerStepWords, ["step", "first", "second", "third", "next", "then", "finally"]),
        (Feature.DoubtWords, ["however", " but ", "although", "might", "perhaps", "possibly", "unclear", "not sure", "unsure", "may be", "could be"]),
        (Feature.DoubtApproximate, ["approximately", "approx", "about ", "roughly", "around ", "≈", "nearly", "close to", "round"]),
        (Feature.DoubtAssume, ["assum", "suppose", "let's say", "presum", "without more", "not specified", "not given", "not provided", "unspecified", "not mention"]),
        (Feature.DoubtCorrection, ["wait", "actually", "let me re", "correction", "mistake", "let's re", "re-e", "recalculate", "double-check", "instead", "oops"]),
        (Feature.DoubtImpossible, ["cannot", "can't", "impossible", "not possible", "doesn't make sense", "does not make sense", "contradict", "unable", "no solution", "not enough"]),
        (Feature.DoubtNoOption, ["none of the", "no option", "not among", "not listed", "not one of", "no correct", "doesn't match", "does not match", "isn't listed", "not match", "not available"]),
        (Feature.DoubtClosest, ["closest", "nearest", "most likely", "best answer", "best option", "most appropriate", "best fit", "educated guess"]),
        (Feature.DoubtApology, ["sorry", "apolog", "i'm unable", "as an ai", "please provide", "could you", "can you provide", "let me know", "would you like", "don't have"]),
        (Feature.SureWords, ["clearly", "definitely", "obviously", "certainly", "by definition", "known as", "is called", "refers to"]),
        (Feature.SaysThereforeSo, ["therefore", "thus", "hence", " so ", "because", "since"]),
        (Feature.AnswerIsMentions, ["answer is", "answer:"]));

    public static void Write(TextFacts prompt, TextFacts answer, string? finishReason, FeatureSheet sheet)
    {
        var text = answer.Text;
        var trimmed = text.AsSpan().Trim();
        sheet.Flag(Feature.AnswerIsEmpty, trimmed.IsEmpty);
        sheet.Flag(Feature.RanIntoLimit, finishReason == "length");
        if (trimmed.IsEmpty) return;

        int digits = 0, wide = 0;
        foreach (var c in text)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            wide += c > 127 ? 1 : 0;
        }
        sheet.Log(Feature.AnswerChars, text.Length);
        sheet.Log(Feature.AnswerWords, answer.Words.Length);
        sheet.Log(Feature.AnswerSentences, Sentences(text));
        sheet.Log(Feature.AnswerNumbers, answer.Numbers.Count);
        sheet.Share(Feature.AnswerDigitShare, digits, text.Length);
        sheet.Share(Feature.AnswerCapitalShare, Capitals(text), text.Length);
        sheet[Feature.AnswerMeanWordLength] = MeanWordLength(answer);
        sheet[Feature.AnswerToPromptLength] = Math.Log((1.0 + text.Length) / (1 + prompt.Text.Length));
        sheet.Log(Feature.AnswerQuestionMarks, text.AsSpan().Count('?'));
        sheet.Log(Feature.AnswerCodeMarks, CodeMarks(text));
        sheet.Log(Feature.AnswerBold, text.AsSpan().Count("**"));
        sheet.Share(Feature.AnswerNonAscii, wide, text.Length);
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
    public static double MeanWordLength(TextFacts facts)
    {
        var letters = 0;
        foreach (var word in facts.Words) letters += word.Length;
        return facts.Words.IsEmpty ? 0 : letters / (double)facts.Words.Length;
    }

    /// <summary>Capital letters, ASCII only.</summary>
    public static int Capitals(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var c in text) count += char.IsAsciiLetterUpper(c) ? 1 : 0;
        return count;
    }

    /// <summary>Signs that code uses and prose does not.</summary>
    public static int CodeMarks(string text) =>
        text.AsSpan().Count('{') + text.AsSpan().Count('`') + text.AsSpan().Count("();") + text.AsSpan().Count("==") + text.AsSpan().Count("->");

    private static void WriteLines(string text, FeatureSheet sheet)
    {
        var seen = new WordSet(text.AsSpan().Count('\n') + 1);
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
            if (line.Length > 12 && !seen.Add(TextHash.Of(line, 0))) repeated++;
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
        var both = inAnswer.CountIn(inPrompt);
        sheet.Share(Feature.PromptWordsInAnswer, both, inPrompt.Count);
        sheet.Share(Feature.AnswerWordsInPrompt, both, inAnswer.Count);

        var words = answer.Words;
        var distinct = new WordSet(words.Length);
        var trigrams = new WordSet(words.Length);
        for (var i = 0; i < words.Length; i++)
        {
            distinct.Add(words[i].Id);
            if (i >= 2) trigrams.Add(TextHash.Join(TextHash.Join(words[i - 2].Id, words[i - 1].Id), words[i].Id));
        }
        sheet.Share(Feature.DistinctWordShare, distinct.Count, words.Length);
        sheet.Share(Feature.RepeatedTrigrams, words.Length - 2 - trigrams.Count, words.Length - 2);
        sheet.Log(Feature.AnswerStepWords, answer.Count(Feature.AnswerStepWords));
    }

    private static void WriteDoubt(TextFacts answer, FeatureSheet sheet)
    {
        for (var feature = Feature.DoubtWords; feature <= Feature.SaysThereforeSo; feature++) sheet.Log(feature, answer.Count(feature));
    }
}
