using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Rung.Core.Checks;

namespace Rung.Core.Learning.Features;

/// <summary>Turns a prompt and an answer into numbers: the same ones for a recorded answer in training and for a live one.</summary>
internal static class AnswerFeatures
{
    /// <summary>Counted up when a feature comes, goes or changes its meaning. A model is read only by the version it was trained with.</summary>
    public const int Version = 1;
    private const int MaxToolTextChars = 16 * 1024;
    // Equal words of different places are different words.
    private const ulong PromptSpace = 1, AnswerSpace = 2, CallSpace = 3;
    /// <summary>Where the words of declared tools are hashed.</summary>
    internal const ulong ToolSpace = 4;

    /// <summary>How many features there are, beside the hashed words.</summary>
    public static int Count { get; } = Enum.GetValues<Feature>().Length;

    /// <summary>Their names, <c>snake_case</c>, in order.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Enum.GetNames<Feature>().Select(name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name))];

    /// <summary>Reads an answer. Never throws on any content.</summary>
    /// <param name="answer">The answer, with its context.</param>
    /// <param name="promptOnly">Whether the answer itself is not looked at.</param>
    public static FeatureVector Of(Answer answer, bool promptOnly)
    {
        var prompt = new TextFacts(answer.Context is null ? default : answer.Context.Prompt.Span, PromptFeatures.Phrases, PromptSpace);
        var text = new TextFacts(promptOnly ? default : answer.Content.Span, SurfaceFeatures.Phrases, AnswerSpace);
        var seen = promptOnly ? answer with { ToolCalls = [] } : answer;

        var sheet = new FeatureSheet();
        var final = FinalAnswer.Find(text);
        var numberWords = PromptFeatures.NumberWords(prompt);
        PromptFeatures.Write(prompt, numberWords, sheet);
        SurfaceFeatures.Write(prompt, text, promptOnly ? null : answer.FinishReason, sheet);
        ArithmeticFeatures.Write(prompt, numberWords, text, final, sheet);
        ChoiceFeatures.Write(prompt, text, final, sheet);
        var tools = seen.Context is { Tools.IsEmpty: false } context ? DeclaredTools.Of(context.Tools.Span) : null;
        ToolFeatures.Write(prompt, text, seen, tools, sheet);

        var words = new WordHasher();
        words.Add(prompt.Hashes, pairs: true);
        words.Add(text.Hashes, pairs: true);
        if (!seen.ToolCalls.IsDefaultOrEmpty) words.Add(new TextTokens(CallText(seen.ToolCalls), CallSpace).Hashes, pairs: true);
        if (tools is not null) words.Add(tools.Words, pairs: false);
        var (buckets, weights) = words.Take();
        return new FeatureVector(sheet.ToArray(), buckets, weights);
    }

    private static string CallText(ImmutableArray<ToolCall> calls)
    {
        var text = new StringBuilder();
        foreach (var call in calls)
        {
            if (text.Length > MaxToolTextChars) break;
            text.Append(call.Name).Append(' ').Append(Encoding.UTF8.GetString(call.Arguments.Span[..Math.Min(call.Arguments.Length, MaxToolTextChars)])).Append('\n');
        }
        return text.ToString().ToLowerInvariant();
    }
}
