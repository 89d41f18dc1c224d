namespace Rung.Demo;

/// <summary>One kind of call that an agent makes.</summary>
internal sealed record DemoJob
{
    /// <summary>Its tag.</summary>
    public required string Tag { get; init; }
    /// <summary>The role of the agent that makes it.</summary>
    public required string Role { get; init; }
    /// <summary>What the agent tells the model to do: the system message. No two jobs have the same.</summary>
    public required string Instruction { get; init; }
    /// <summary>The client's own output cap, in tokens.</summary>
    public required int MaxTokens { get; init; }
    /// <summary>The answer that is right in form, from the user message.</summary>
    public required Func<string, string> Answer { get; init; }
    /// <summary>Answers in right form, of which one is right: what a model may say that gets it wrong unseen. Empty: it never does.</summary>
    public IReadOnlyList<string> OtherAnswers { get; init; } = [];
    /// <summary>How a weak model gets it wrong in form.</summary>
    public IReadOnlyList<SimulatedFault> Faults { get; init; } = [];
    /// <summary>Which share of the answers the person who reads them replaces by words of their own, 0 to 1.</summary>
    public double Replaced { get; init; }
    /// <summary>Whether the client asks for a stream.</summary>
    public bool Streams { get; init; }
}

/// <summary>One call of a session.</summary>
/// <param name="Job">What kind of call.</param>
/// <param name="Stage">Calls of one stage run at the same time; stages run one after another, from 0.</param>
/// <param name="Prompt">The user message.</param>
internal sealed record DemoStep(DemoJob Job, int Stage, string Prompt);

/// <summary>One task of one agent: the calls that it makes. A later prompt does not depend on an earlier answer, so that both phases send the same bytes.</summary>
/// <param name="Id">The session that every call carries.</param>
/// <param name="Steps">Its calls, by stage.</param>
internal sealed record DemoSession(string Id, IReadOnlyList<DemoStep> Steps);
