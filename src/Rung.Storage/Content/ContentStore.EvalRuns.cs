using Rung.Storage.Sqlite;

namespace Rung.Storage.Content;

/// <summary>Runs of evals. Whatever is stored of a run is stored for good: a run that was killed goes on behind it.</summary>
public sealed partial class ContentStore
{
    /// <summary>Adds a run; one whose id is there already is left as it is, but for its plan and its end.</summary>
    /// <returns>The run as it is in the store.</returns>
    /// <exception cref="LedgerException">The file cannot be written.</exception>
    public Task<EvalRun> BeginEvalRunAsync(EvalRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return WriteAsync(connection =>
        {
            EvalRunTable.Begin(connection, run);
            return EvalRunTable.Find(connection, run.Id)!;
        }, cancellationToken);
    }

    /// <summary>Notes that a run is at its end.</summary>
    public Task EndEvalRunAsync(string run, CancellationToken cancellationToken) => WriteAsync(connection =>
    {
        EvalRunTable.End(connection, run, _clock.GetUtcNow());
        return true;
    }, cancellationToken);

    /// <summary>One run; null when there is none of that id.</summary>
    public Task<EvalRun?> FindEvalRunAsync(string run, CancellationToken cancellationToken) => ReadAsync(connection => EvalRunTable.Find(connection, run), cancellationToken);

    /// <summary>Every run, the newest first.</summary>
    public Task<IReadOnlyList<EvalRun>> ListEvalRunsAsync(CancellationToken cancellationToken) => ReadAsync(EvalRunTable.List, cancellationToken);

    /// <summary>The answers of a run with their grades, by candidate and row.</summary>
    /// <param name="run">The run.</param>
    /// <param name="withContent">Whether messages, reasons and verdicts are read: they may be large, and need the content key.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<EvalRunAnswer>> ReadEvalAnswersAsync(string run, bool withContent, CancellationToken cancellationToken) =>
        ReadAsync(connection => EvalRunTable.Answers(connection, run, candidate: null, row: null, withContent, Reopen), cancellationToken);

    /// <summary>One answer of a run with its content; null when it is not there.</summary>
    public Task<EvalRunAnswer?> FindEvalAnswerAsync(string run, string candidate, string rowId, CancellationToken cancellationToken) =>
        ReadAsync(connection => EvalRunTable.Answers(connection, run, candidate, rowId, withContent: true, Reopen) is [var answer] ? answer : null, cancellationToken);

    /// <summary>Notes, before it is sent, that a question is under way.</summary>
    public Task BeginEvalFlightAsync(string run, string candidate, string rowId, EvalStage stage, string callId, CancellationToken cancellationToken) => WriteAsync(connection =>
    {
        EvalRunTable.Begin(connection, run, new EvalFlight(candidate, rowId, stage, callId, Lost: false, CostNanoUsd: null), _clock.GetUtcNow());
        return true;
    }, cancellationToken);

    /// <summary>Stores an answer, and notes that its question is no longer under way, in one transaction. An answer that is there already stays.</summary>
    /// <param name="run">The run.</param>
    /// <param name="row">Its row: call, session and user decide when the answer is forgotten.</param>
    /// <param name="answer">The answer; its grade is stored apart.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public Task SaveEvalAnswerAsync(string run, EvalRow row, EvalRunAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(answer);
        return WriteAsync(connection =>
        {
            EvalRunTable.Save(connection, run, row, answer, _clock.GetUtcNow(), Close);
            EvalRunTable.Land(connection, run, answer.Candidate, answer.RowId, EvalStage.Answer);
            return true;
        }, cancellationToken);
    }

    /// <summary>Stores the grade of an answer that is there; it takes the place of an earlier one. Its questions are no longer under way.</summary>
    /// <param name="run">The run.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="rowId">The row.</param>
    /// <param name="grade">The grade.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    public Task SaveEvalGradeAsync(string run, string candidate, string rowId, EvalRunGrade grade, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grade);
        return WriteAsync(connection =>
        {
            EvalRunTable.Save(connection, run, candidate, rowId, grade, Close);
            EvalRunTable.Land(connection, run, candidate, rowId, EvalStage.Grade);
            return true;
        }, cancellationToken);
    }

    /// <summary>The questions of a run that are under way, or were cut off.</summary>
    public Task<IReadOnlyList<EvalFlight>> ReadEvalFlightsAsync(string run, CancellationToken cancellationToken) =>
        ReadAsync(connection => EvalRunTable.Flights(connection, run), cancellationToken);

    /// <summary>Notes that a question was cut off, and what it cost where that is known.</summary>
    public Task LoseEvalFlightAsync(string run, EvalFlight flight, long? costNanoUsd, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(flight);
        return WriteAsync(connection =>
        {
            EvalRunTable.Lose(connection, run, flight, costNanoUsd);
            return true;
        }, cancellationToken);
    }

    /// <summary>Drops what is stored of questions that failed, so that they are asked again. What they cost is kept as lost.</summary>
    /// <returns>How many.</returns>
    public Task<int> DropFailedEvalAnswersAsync(string run, CancellationToken cancellationToken) =>
        WriteAsync(connection => EvalRunTable.DropFailed(connection, run, _clock.GetUtcNow()), cancellationToken);
}
