namespace Rung.Demo.Ledgers;

/// <summary>A job of a made-up agent: how long its prompts and answers are, and how often they are bad or judged.</summary>
internal sealed record WorldJob
{
    /// <summary>The tag; null: the caller gives none.</summary>
    public string? Tag { get; init; }
    /// <summary>The part that the agent plays; null: none.</summary>
    public string? Role { get; init; }
    /// <summary>Median tokens of the prompt.</summary>
    public required double Input { get; init; }
    /// <summary>Median tokens of the answer.</summary>
    public required double Output { get; init; }
    /// <summary>Share of the prompt that a model's cache holds from the second call of a session on.</summary>
    public double Cached { get; init; }
    /// <summary>Part of the answer that is hidden reasoning, on the frontier.</summary>
    public double Reasoning { get; init; }
    /// <summary>Share of the small rung's answers that fail a check.</summary>
    public double Faulty { get; init; } = 0.05;
    /// <summary>Share of the small rung's answers that are wrong in right form.</summary>
    public double Wrong { get; init; } = 0.08;
    /// <summary>What is left of <see cref="Faulty"/> and <see cref="Wrong"/> on the middle rung, as a part.</summary>
    public double OnMid { get; init; } = 0.4;
    /// <summary>Whether the caller asks for a stream.</summary>
    public bool IsStreamed { get; init; }
    /// <summary>Share of the answers that a judge grades.</summary>
    public double Judged { get; init; }
    /// <summary>Share of the answers on which a user says thumbs.</summary>
    public double Thumbs { get; init; }
    /// <summary>Share of the wrong answers that a person replaces.</summary>
    public double Replaced { get; init; }
}

/// <summary>A made-up agent.</summary>
/// <param name="Name">What its sessions are called after.</param>
/// <param name="Share">Its share of the sessions.</param>
/// <param name="Pause">Mean time between two calls of a session, in seconds.</param>
/// <param name="Jobs">The jobs of one session, in order, drawn afresh for each.</param>
internal sealed record WorldAgent(string Name, double Share, double Pause, WorldAgent.Draw Jobs)
{
    /// <summary>Draws the jobs of a session into an empty list.</summary>
    public delegate void Draw(ref DemoChance chance, List<WorldJob> jobs);

    /// <summary>Whether its calls belong to sessions.</summary>
    public bool HasSessions { get; init; } = true;
    /// <summary>Share of its sessions at whose end something says whether the task was done.</summary>
    public double Reported { get; init; }
}
