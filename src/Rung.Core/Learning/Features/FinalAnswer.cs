namespace Rung.Core.Learning.Features;

/// <summary>Where an answer says what its result is.</summary>
/// <param name="Mark">What says so.</param>
/// <param name="At">Behind the mark; -1 without one.</param>
internal readonly record struct FinalAnswer(FinalMark Mark, int At)
{
    private static readonly string[] s_phrases = ["answer is", "answer:", "answer :", "answer would be", "answer should be", "option is", "choice is"];

    /// <summary>Finds the last mark of the strongest kind.</summary>
    public static FinalAnswer Find(TextFacts answer)
    {
        var hash = answer.Text.LastIndexOf("####", StringComparison.Ordinal);
        if (hash >= 0) return new FinalAnswer(FinalMark.Hash, hash + 4);
        var boxed = answer.Text.LastIndexOf("\\boxed", StringComparison.Ordinal);
        if (boxed >= 0) return new FinalAnswer(FinalMark.Boxed, boxed + 6);
        var said = -1;
        foreach (var phrase in s_phrases)
        {
            var at = answer.Lower.LastIndexOf(phrase, StringComparison.Ordinal);
            if (at >= 0) said = Math.Max(said, at + phrase.Length);
        }
        return said >= 0 ? new FinalAnswer(FinalMark.Said, said) : new FinalAnswer(FinalMark.None, -1);
    }
}

/// <summary>What says that a result follows.</summary>
internal enum FinalMark : byte
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary><c>the answer is</c>.</summary>
    Said,
    /// <summary><c>\boxed</c>.</summary>
    Boxed,
    /// <summary><c>####</c>.</summary>
    Hash,
}
