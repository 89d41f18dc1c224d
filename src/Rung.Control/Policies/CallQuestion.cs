using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Requests;

namespace Rung.Control.Policies;

/// <summary>Something in a question makes no sense.</summary>
/// <param name="field">The field, as the command line calls it: <c>tag</c>, <c>input-tokens</c>.</param>
/// <param name="problem">What is wrong with it, without its name.</param>
/// <param name="fix">What to write instead.</param>
public sealed class CallQuestionException(string field, string problem, string fix) : Exception($"{field} {problem} {fix}")
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;
    /// <summary>What is wrong with it.</summary>
    public string Problem { get; } = problem;
    /// <summary>What to write instead.</summary>
    public string Fix { get; } = fix;
}

/// <summary>A call that somebody asks about, as they describe it.</summary>
public sealed record CallQuestion
{
    private const int LongestName = 64;

    private static readonly FrozenDictionary<string, ModelNeeds> s_needs = new Dictionary<string, ModelNeeds>
    {
        ["tools"] = ModelNeeds.Tools, ["vision"] = ModelNeeds.Vision, ["json_schema"] = ModelNeeds.JsonSchema,
        ["audio"] = ModelNeeds.Audio, ["files"] = ModelNeeds.Files, ["logprobs"] = ModelNeeds.Logprobs,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words of what a call may need.</summary>
    public static ImmutableArray<string> KnownNeeds { get; } = ["tools", "vision", "json_schema", "audio", "files", "logprobs"];

    /// <summary>The job that the call does; null: none.</summary>
    public string? Tag { get; init; }
    /// <summary>The part that the agent plays; null: none.</summary>
    public string? Role { get; init; }
    /// <summary>The end user; null: none.</summary>
    public string? User { get; init; }
    /// <summary>Tenant or team; null: none.</summary>
    public string? Tenant { get; init; }
    /// <summary>Data classes that the client declares, separated by commas; null: none.</summary>
    public string? DataClass { get; init; }
    /// <summary>What the answering model must be able to do; each may hold several words with commas.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];
    /// <summary>Tokens of the prompt.</summary>
    public int InputTokens { get; init; }
    /// <summary>The output cap that the client asks for; 0 for none.</summary>
    public int MaxTokens { get; init; }

    /// <summary>The question as the gateway sees a call.</summary>
    /// <exception cref="CallQuestionException">Something in it makes no sense.</exception>
    public CallFacts ToFacts() => new()
    {
        Tag = Name("tag", Tag),
        TagSource = Tag is null ? TagSource.None : TagSource.Header,
        Role = Name("role", Role),
        User = User,
        Tenant = Tenant,
        DataClass = DataClass?.ToLowerInvariant(), // As the gateway reads it.
        Needs = ReadNeeds(),
        EstimatedInputTokens = Tokens("input-tokens", InputTokens),
        RequestedMaxTokens = Tokens("max-tokens", MaxTokens),
    };

    /// <summary>A number of tokens, not below 0.</summary>
    /// <exception cref="CallQuestionException">It is.</exception>
    public static int Tokens(string field, int number) =>
        number >= 0 ? number : throw new CallQuestionException(field, string.Create(CultureInfo.InvariantCulture, $"{number} is below 0."), "Write a number of tokens.");

    // A name as the policy writes it. The gateway turns others into such; here a slip is said instead.
    private static string? Name(string field, string? name)
    {
        if (name is null || (name.Length is > 0 and <= LongestName && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-'))) return name;
        throw new CallQuestionException(field, $"'{Clean(name)}' is not a name.", "Names are 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'.");
    }

    private ModelNeeds ReadNeeds()
    {
        var needs = ModelNeeds.None;
        foreach (var word in Needs.SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            needs |= s_needs.TryGetValue(word, out var need) ? need : throw new CallQuestionException("needs", $"'{Clean(word)}' is unknown.", "Known are tools, vision, json_schema, audio, files and logprobs.");
        return needs;
    }

    private static string Clean(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '·' : letter));
}

/// <summary>Where a call would go, and why.</summary>
/// <param name="Facts">The call.</param>
/// <param name="Explanation">Every step and every model.</param>
/// <param name="Headline">The outcome in one line: the tier and its models, or that it would be refused.</param>
/// <param name="Reason">The reason that a header and the ledger would carry.</param>
public sealed record CallAnswer(CallFacts Facts, Explanation Explanation, string Headline, string Reason)
{
    /// <summary>Whether the call would be answered at all.</summary>
    public bool IsDecided => Explanation.Status == DecisionStatus.Decided;

    /// <summary>Works it out; sends nothing.</summary>
    public static CallAnswer Of(PolicySnapshot policy, in CallFacts facts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var decision = Decider.Decide(policy, facts);
        var explanation = Explanation.Of(policy, facts);
        var headline = explanation.Status switch
        {
            DecisionStatus.Decided => $"{explanation.Tier}: {DecisionText.Names(policy, decision.Candidates)}",
            DecisionStatus.PinUnsatisfied => "REFUSED: a pin leaves no model",
            _ => "REFUSED: nothing fits",
        };
        return new CallAnswer(facts, explanation, headline, DecisionText.Reason(policy, decision, facts));
    }
}
