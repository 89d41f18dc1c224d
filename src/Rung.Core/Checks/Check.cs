using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>A tool call that a model made.</summary>
/// <param name="Name">Name of the tool.</param>
/// <param name="Arguments">The arguments as UTF-8 JSON text, exactly as the model wrote them; may be malformed or empty.</param>
public sealed record ToolCall(string Name, ReadOnlyMemory<byte> Arguments);

/// <summary>One choice of an answer, as the checks see it.</summary>
public sealed record Answer
{
    /// <summary>Text of the answer, UTF-8, unescaped; empty when the model sent none.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
    /// <summary>Finish reason as the upstream gave it; null when none came.</summary>
    public string? FinishReason { get; init; }
    /// <summary>Whether the model refused (OpenAI's <c>message.refusal</c>).</summary>
    public bool Refused { get; init; }
    /// <summary>Tool calls, in order.</summary>
    public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];
    /// <summary>Names of the tools that the request declared.</summary>
    public ImmutableArray<string> DeclaredTools { get; init; } = [];
}

/// <summary>What a check says.</summary>
/// <param name="Passed">Whether the answer passed.</param>
/// <param name="Detail">For a failure, one sentence that a person (or a model) could act on; else null.</param>
public readonly record struct CheckResult(bool Passed, string? Detail)
{
    /// <summary>A pass.</summary>
    public static CheckResult Pass => new(Passed: true, null);
    /// <summary>A failure with its sentence.</summary>
    public static CheckResult Fail(string detail) => new(Passed: false, detail);
}

/// <summary>What catches a bad answer. Immutable, shared between threads, bounded in time.</summary>
public abstract class Check
{
    /// <summary>Short name that the policy, the ledger and the reports show: <c>schema intent.json</c>, <c>regex</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Judges one answer. Never throws on any content.</summary>
    public abstract CheckResult Evaluate(Answer answer);
}
