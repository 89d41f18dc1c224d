using static Rung.Core.Policies.Reading.CommonShapes;

namespace Rung.Core.Policies.Reading;

/// <summary>Every key of a verifier and of an allowed command.</summary>
internal static class VerifierShape
{
    private static readonly ObjectShape Model = new("llm",
    [
        new("model", Name, "The model that judges.") { IsRequired = true },
        new("rubric", new TextShape { Longest = 8000 }, "What a good answer is, in words.") { IsRequired = true },
        new("max_tokens", new IntegerShape(16, 8192), "Most output tokens of a verdict."),
    ]);

    private static readonly ObjectShape Http = new("http",
    [
        new("url", new TextShape { IsSensitive = true }, "Where it is asked.") { IsRequired = true },
        new("body", new TextShape { Longest = 8000, IsVerbatim = true }, "The JSON that is sent; {prompt} and {answer} inside its strings are replaced.") { IsRequired = true },
        new("score", new TextShape { Longest = 256 }, "JSON pointer to the score in the reply; the whole reply when left out."),
        new("label", new TextShape { Longest = 256 }, "For a list of labels with scores: the label whose score counts."),
        new("key", Key, "Where its key is. Never the key itself."),
        new("usd_per_call", Usd, "What one question costs, in USD."),
        new("pinned_calls", Flag, "Whether calls under a pin may be shown to it."),
    ]);

    /// <summary>A verifier; that it has exactly one kind is looked at later, with a better sentence.</summary>
    public static ObjectShape Verifier { get; } = new("verifier",
    [
        new("trained", Text, "A model file of rung train verifier, relative to the policy."),
        new("llm", Model, "A model of the policy with a rubric."),
        new("http", Http, "A served classifier: any endpoint that takes JSON and returns a number in JSON."),
        new("limit_seconds", new NumberShape(0.1m, 120, Decimals: 3), "How long one question may take."),
    ]);

    /// <summary>An allowed command.</summary>
    public static ObjectShape Command { get; } = new("command",
    [
        new("run", new ListShape(new TextShape { Longest = 1000, IsVerbatim = true }, 1, 32), "The program, by its absolute path, and its arguments; {file} is the path of the answer.") { IsRequired = true },
        new("file", new TextShape { Longest = 64, Pattern = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$", PatternInWords = "a plain file name, without a folder" }, "Name of the file that holds the answer."),
        new("stdin", Flag, "Whether the answer is written to its standard input too."),
        new("seconds", new NumberShape(0.1m, 60, Decimals: 3), "Limit of its running time."),
        new("memory_mb", new IntegerShape(16, 4096), "Limit of its memory in MiB."),
        new("output_kb", new IntegerShape(1, 1024), "Limit of what it may print, and of each file it writes, in KiB."),
    ]);
}
