using System.Collections.Immutable;
using Rung.Core.Requests;

namespace Rung.Core.Policies.Compiling;

/// <summary>The words for what a model can do, and the needs they stand for.</summary>
internal static class Capabilities
{
    /// <summary>The words, in the order of <see cref="ModelNeeds"/>.</summary>
    public static ImmutableArray<string> Names { get; } = ["tools", "vision", "json_schema", "audio", "files", "logprobs"];

    /// <summary>Everything: what is assumed of a model that nobody described.</summary>
    public static ModelNeeds All =>
        ModelNeeds.Tools | ModelNeeds.Vision | ModelNeeds.JsonSchema | ModelNeeds.Audio | ModelNeeds.Files | ModelNeeds.Logprobs;

    /// <summary>Needs named by a list of words; words that name no need (reasoning, cache) are passed over.</summary>
    public static ModelNeeds Of(IEnumerable<string> words)
    {
        var needs = ModelNeeds.None;
        foreach (var word in words) needs |= Of(word);
        return needs;
    }

    private static ModelNeeds Of(string word) => word switch
    {
        "tools" => ModelNeeds.Tools,
        "vision" => ModelNeeds.Vision,
        "json_schema" => ModelNeeds.JsonSchema,
        "audio" or "audio_in" or "audio_input" => ModelNeeds.Audio,
        "files" or "pdf" => ModelNeeds.Files,
        "logprobs" => ModelNeeds.Logprobs,
        _ => ModelNeeds.None,
    };

    /// <summary>The words of a set of needs.</summary>
    public static IEnumerable<string> Words(ModelNeeds needs) => Names.Where(name => (needs & Of(name)) != ModelNeeds.None);
}
