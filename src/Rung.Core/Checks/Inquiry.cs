using System.Collections.Immutable;
using Rung.Core.Policies;

namespace Rung.Core.Checks;

/// <summary>Something a check must have found out outside before it can judge. Compared by value: one finding answers every check that asks the same.</summary>
public abstract record Inquiry;

/// <summary>Ask the model that gave the answer for more answers to the same request, all at once.</summary>
/// <param name="Count">How many more, 1 to 15.</param>
/// <param name="Temperature">The temperature to ask at, 0 to 2; null: the request's own.</param>
public sealed record SamplesInquiry(int Count, double? Temperature) : Inquiry;

/// <summary>Run one of the policy's allowed commands on the answer.</summary>
/// <param name="Command">Name of the command in the policy's <c>commands</c>.</param>
public sealed record CommandInquiry(string Command) : Inquiry;

/// <summary>Ask a verifier that lives outside: a model with a rubric, or a served classifier.</summary>
/// <param name="Verifier">Name of the verifier in the policy's <c>verifiers</c>.</param>
public sealed record VerifierInquiry(string Verifier) : Inquiry;

/// <summary>What was found out.</summary>
public sealed record Finding
{
    /// <summary>For samples: the further answers, in any order; those that failed are missing.</summary>
    public ImmutableArray<Answer> Samples { get; init; } = [];
    /// <summary>For a verifier: its score, 0 to 1. For a command: 1 when it ended with exit code 0, else 0.</summary>
    public double? Score { get; init; }
    /// <summary>What the verifier or the command said in short; null when nothing.</summary>
    public string? Detail { get; init; }
    /// <summary>Why nothing could be found out (in words, without content or key); null when something was.</summary>
    public string? Unavailable { get; init; }
}

/// <summary>A program that the policy allows as a check. Run without a shell, in an empty folder of its own, with a bare environment.</summary>
public sealed record AllowedCommand
{
    /// <summary>Name in the policy.</summary>
    public required string Name { get; init; }
    /// <summary>Absolute path of the program.</summary>
    public required string Program { get; init; }
    /// <summary>Its arguments; <c>{file}</c> stands for the path of a file that holds the answer.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];
    /// <summary>Name of the file that holds the answer, for programs that look at it: <c>answer.cs</c>.</summary>
    public string FileName { get; init; } = "answer.txt";
    /// <summary>Whether the answer is also written to its standard input.</summary>
    public bool Stdin { get; init; }
    /// <summary>Limit of its running time.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>Limit of its address space, bytes.</summary>
    public long MemoryBytes { get; init; } = 256L * 1024 * 1024;
    /// <summary>Limit of what it may print (further output is dropped) and of each file it may write, bytes.</summary>
    public int OutputBytes { get; init; } = 64 * 1024;
}

/// <summary>A verifier outside the process: what the gateway needs to ask it.</summary>
public abstract record OutsideVerifier
{
    /// <summary>Name in the policy.</summary>
    public required string Name { get; init; }
    /// <summary>Limit of one question.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A model of the policy that scores an answer by a rubric. Its attempts are booked to the call; pins hold for it as for any hop.</summary>
public sealed record ModelVerifier : OutsideVerifier
{
    /// <summary>The policy's name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>What a good answer is, in words; written into the instructions of the model.</summary>
    public required string Rubric { get; init; }
    /// <summary>Most output tokens of a verdict.</summary>
    public int MaxTokens { get; init; } = 256;
}

/// <summary>A served classifier: any endpoint that takes JSON and returns a number in JSON.</summary>
public sealed record HttpVerifier : OutsideVerifier
{
    /// <summary>Where it is.</summary>
    public required Uri Url { get; init; }
    /// <summary>The JSON body, in which the strings <c>{prompt}</c> and <c>{answer}</c> inside JSON strings are replaced, escaped.</summary>
    public required string Body { get; init; }
    /// <summary>Where the score is in the reply: a JSON pointer (RFC 6901), <c>/0/score</c>; or, with <see cref="Label"/>, the list of labels.</summary>
    public required string ScoreAt { get; init; }
    /// <summary>
    /// The label whose score counts, for classifiers that return a list of <c>{"label", "score"}</c> in any order (text-embeddings-inference's
    /// <c>/predict</c>); null: <see cref="ScoreAt"/> points at the number itself.
    /// </summary>
    public string? Label { get; init; }
    /// <summary>Where the key is; null for none.</summary>
    public SecretReference? Key { get; init; }
    /// <summary>What one question costs, in nano-USD.</summary>
    public long NanoUsdPerCall { get; init; }
    /// <summary>Whether calls under a pin may be shown to it; otherwise it is unavailable for them.</summary>
    public bool TrustedWithPinned { get; init; }
}
