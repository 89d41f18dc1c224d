using Rung.Control.Evals.Asking;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Runs;

/// <summary>
/// Stands between a run and the models: every question belongs to the run on the bill, holds the pins of the row that it is about, and is noted before it is
/// sent, so that a killed run can say what may have been paid without an answer. Safe to use from several threads; what is being asked about follows the
/// asynchronous flow.
/// </summary>
public sealed class RunAsker(IModelAsker inner, ContentStore store, TimeProvider clock) : IModelAsker
{
    private readonly AsyncLocal<About?> _about = new();

    /// <inheritdoc/>
    public async Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (_about.Value is not { } about) return await inner.AskAsync(question, cancellationToken);
        var callId = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        await store.BeginEvalFlightAsync(about.Run, about.Candidate, about.Row.Id, about.Stage, callId, cancellationToken);
        return await inner.AskAsync(question with
        {
            CallId = callId, Session = about.Run, DataClass = question.DataClass ?? about.Row.DataClass, User = question.User ?? about.Row.User,
            AboutTag = question.AboutTag ?? about.Tag,
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public long? Estimate(ModelQuestion question) => inner.Estimate(question);

    /// <summary>Says what the questions of this flow are about from now on.</summary>
    internal void Enter(string run, string tag, string candidate, EvalRow row, EvalStage stage) => _about.Value = new About(run, tag, candidate, row, stage);

    /// <summary>The questions of this flow are about nothing of a run any more.</summary>
    internal void Leave() => _about.Value = null;

    private sealed record About(string Run, string Tag, string Candidate, EvalRow Row, EvalStage Stage);
}
