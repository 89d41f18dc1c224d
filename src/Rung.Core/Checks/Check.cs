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
    /// <summary>What was asked; null when nobody needs it (<see cref="Check.NeedsContext"/>).</summary>
    public CallContext? Context { get; init; }
    /// <summary>What was found out about this answer so far, by what was asked for it.</summary>
    public ImmutableDictionary<Inquiry, Finding> Findings { get; init; } = ImmutableDictionary<Inquiry, Finding>.Empty;

    /// <summary>The same answer with one more finding.</summary>
    public Answer With(Inquiry inquiry, Finding finding) => this with { Findings = Findings.SetItem(inquiry, finding) };
}

/// <summary>What a call asked, as far as checks and verifiers look at it. Texts are UTF-8, unescaped.</summary>
public sealed record CallContext
{
    /// <summary>Text of the last message of the user.</summary>
    public required ReadOnlyMemory<byte> Prompt { get; init; }
    /// <summary>Text of every message that is not the model's (system, developer, user, tool), in order, with a line feed between two: what an answer may cite.</summary>
    public required ReadOnlyMemory<byte> Given { get; init; }
    /// <summary>The request's <c>tools</c> field, JSON in OpenAI's form; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Tools { get; init; }
}

/// <summary>What a check says.</summary>
/// <param name="Passed">Whether the answer passed. Meaningless while <see cref="Pending"/> is set.</param>
/// <param name="Detail">For a failure, one sentence that a person (or a model) could act on; else null.</param>
public readonly record struct CheckResult(bool Passed, string? Detail)
{
    /// <summary>How good the answer is by this check, 0 to 1; null for a check that only says yes or no.</summary>
    public double? Score { get; init; }
    /// <summary>
    /// What must be found out first; null for a verdict. Whoever judges finds it out, adds the finding to the answer (<see cref="Answer.With"/>)
    /// and asks the check again. A check never asks for a finding that the answer has, so this ends.
    /// </summary>
    public Inquiry? Pending { get; init; }

    /// <summary>A pass.</summary>
    public static CheckResult Pass => new(Passed: true, null);
    /// <summary>A failure with its sentence.</summary>
    public static CheckResult Fail(string detail) => new(Passed: false, detail);
    /// <summary>No verdict yet: something must be found out outside.</summary>
    public static CheckResult Ask(Inquiry inquiry) => new(Passed: false, null) { Pending = inquiry };
}

/// <summary>What catches a bad answer. Immutable, shared between threads, bounded in time, pure: what lies outside comes in as a finding.</summary>
public abstract class Check
{
    /// <summary>Short name that the policy, the ledger and the reports show: <c>schema intent.json</c>, <c>regex</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether <see cref="Answer.Context"/> must be there.</summary>
    public virtual bool NeedsContext => false;

    /// <summary>
    /// Whether its verdict is about nothing but keeping the answer or climbing: a verifier, which was made for the model at the bottom. Of an answer that
    /// will be served whatever is said of it, such a check is not asked.
    /// </summary>
    public virtual bool IsForClimbing => false;

    /// <summary>Judges one answer. Never throws on any content.</summary>
    public abstract CheckResult Evaluate(Answer answer);

    /// <summary>Watches one answer's text as it arrives; null for a check that can say nothing before the end.</summary>
    public virtual AnswerWatch? Watch() => null;
}
