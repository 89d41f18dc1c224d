using Rung.Control.Evals.Asking;
using Rung.Core.Checks;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Scoring;

/// <summary>Grades answers of one set.</summary>
public interface IScorer
{
    /// <summary>What it does, in words: <c>numeric, within 0.01</c>.</summary>
    string Name { get; }

    /// <summary>Whether a row without a reference cannot be graded.</summary>
    bool NeedsReference { get; }

    /// <summary>Whether it asks a judge, which costs.</summary>
    bool AsksJudge { get; }

    /// <summary>Grades one answer. Never throws for what an answer holds or an upstream does.</summary>
    Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken);

    /// <summary>
    /// Tells of a grade that was given before this process began (a run that goes on): what it says of the reference is not found out, or paid, again. To be
    /// called before grading.
    /// </summary>
    /// <param name="rowId">The row.</param>
    /// <param name="earlier">Its grade.</param>
    void Recall(string rowId, RowScore earlier)
    {
        // Most scorers find out nothing about a reference.
    }
}

/// <summary>One answer to be graded.</summary>
/// <param name="Row">The row.</param>
/// <param name="Candidate">The policy's name of the model that is judged.</param>
/// <param name="Answer">Its answer.</param>
public sealed record ScoringCase(EvalRow Row, string Candidate, ModelAnswer Answer);

/// <summary>What a scorer may use of the world.</summary>
public sealed record ScoringWorld
{
    /// <summary>Asks judges.</summary>
    public required IModelAsker Asker { get; init; }
    /// <summary>Runs a command of the policy on an answer; null: commands cannot be run here.</summary>
    public RunCommand? RunCommand { get; init; }
    /// <summary>Asks a verifier that is a served endpoint; null: such verifiers cannot be asked here.</summary>
    public AskEndpoint? AskEndpoint { get; init; }
    /// <summary>What the questions are part of, for the bill (<see cref="ModelQuestion.Session"/>); null: nothing.</summary>
    public string? Session { get; init; }
    /// <summary>Decides every random choice.</summary>
    public required ulong Seed { get; init; }
}

/// <summary>Runs an allowed program on an answer, behind the same fence as the gateway's checks.</summary>
/// <returns>Whether it accepted the answer, and what it said if not; null: it could not be run.</returns>
public delegate Task<(bool Accepted, string? Said)?> RunCommand(AllowedCommand command, string answer, CancellationToken cancellationToken);

/// <summary>Asks a verifier that is a served endpoint.</summary>
/// <returns>What it found out; <see cref="Finding.Unavailable"/> says why nothing.</returns>
public delegate Task<Finding> AskEndpoint(HttpVerifier verifier, string prompt, string answer, CancellationToken cancellationToken);
