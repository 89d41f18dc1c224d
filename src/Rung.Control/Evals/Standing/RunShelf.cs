using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Runs;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Standing;

/// <summary>A stored run and what was to be run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Plan">Its plan; null when it is of another version of Rung.</param>
public sealed record ShelvedRun(EvalRun Run, EvalRunPlan? Plan)
{
    /// <summary>Whether its last row was graded.</summary>
    public bool IsWhole => Run.EndedAt is not null;

    /// <summary>The set that it is of: <c>intent@3</c>.</summary>
    public string SetName => FormattableString.Invariant($"{Run.SetName}@{Run.SetVersion}");
}

/// <summary>What a run says, and what its judge is worth.</summary>
/// <param name="Shelved">The run.</param>
/// <param name="Report">What it says; null with a problem.</param>
/// <param name="Judge">What is known of its judge; null when none was asked.</param>
/// <param name="Problem">Why there is no report; null when there is one.</param>
public sealed record ReadRun(ShelvedRun Shelved, EvalRunReport? Report, JudgeReport? Judge, string? Problem);

/// <summary>
/// Stored runs with their reports, made as <c>rung eval report</c> and <c>rung eval judge</c> make them. Reports of whole runs are kept for a while: making one
/// reads every row and answer of it.
/// </summary>
/// <param name="store">The store of content.</param>
/// <param name="clock">The clock.</param>
public sealed class RunShelf(ContentStore store, TimeProvider clock) : IDisposable
{
    /// <summary>How long a report of a whole run is kept. Labels of people may change what it says of its judge.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    private const int MostKept = 64;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset At, long Revision, ReadRun Read)> kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<ReadRun>> underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Every run, the newest first.</summary>
    public async Task<IReadOnlyList<ShelvedRun>> ListAsync(CancellationToken cancellationToken) => [.. (await store.ListEvalRunsAsync(cancellationToken)).Select(Shelve)];

    /// <summary>One run by its id with everything that it says; null when there is none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="policy">The policy in force: the terms that its judge is held against.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LedgerException">The store cannot be read.</exception>
    public async Task<ReadRun?> FindAsync(string id, PolicySnapshot policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return await store.FindEvalRunAsync(id, cancellationToken) is { } run ? await ReadAsync(Shelve(run), policy, cancellationToken) : null;
    }

    /// <summary>What a run says.</summary>
    /// <param name="shelved">The run.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ReadRun> ReadAsync(ShelvedRun shelved, PolicySnapshot policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shelved);
        ArgumentNullException.ThrowIfNull(policy);
        lock (gate)
        {
            if (shelved.IsWhole && kept.TryGetValue(shelved.Run.Id, out var known) && clock.GetUtcNow() - known.At < Kept && known.Revision == policy.Revision) return known.Read;
        }
        var read = await MakeAsync(shelved, policy, cancellationToken);
        lock (gate)
        {
            if (kept.Count >= MostKept && !kept.ContainsKey(shelved.Run.Id)) kept.Remove(kept.MinBy(entry => entry.Value.At).Key);
            kept[shelved.Run.Id] = (clock.GetUtcNow(), policy.Revision, read);
        }
        return read;
    }

    /// <summary>What a run says, for a list that does not wait: an older report stands until the newer one is made, which is done in the background, one run at a time.</summary>
    /// <param name="shelved">The run.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="patience">How long to wait for a first report.</param>
    /// <param name="cancellationToken">Ends the wait; the report is made all the same.</param>
    /// <returns>Null when it is still being made.</returns>
    /// <exception cref="LedgerException">The store cannot be read.</exception>
    public async Task<ReadRun?> ReadSoonAsync(ShelvedRun shelved, PolicySnapshot policy, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shelved);
        ArgumentNullException.ThrowIfNull(policy);
        Task<ReadRun>? reading;
        lock (gate)
        {
            var isKnown = kept.TryGetValue(shelved.Run.Id, out var known) && known.Revision == policy.Revision;
            if (isKnown && clock.GetUtcNow() - known.At < Kept && shelved.IsWhole == known.Read.Shelved.IsWhole) return known.Read;
            if (!underWay.TryGetValue(shelved.Run.Id, out reading) || reading.IsCompleted)
            {
                foreach (var (id, task) in underWay.ToList())
                {
                    if (task.IsCompleted) underWay.Remove(id);
                }
                underWay[shelved.Run.Id] = reading = Task.Run(() => ReadInTurnAsync(shelved, policy), CancellationToken.None);
            }
            if (isKnown) return known.Read;
        }
        try
        {
            return await reading.WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Stops what is being made.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
        turn.Dispose();
    }

    private async Task<ReadRun> ReadInTurnAsync(ShelvedRun shelved, PolicySnapshot policy)
    {
        await turn.WaitAsync(stopping.Token);
        try
        {
            return await ReadAsync(shelved, policy, stopping.Token);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<ReadRun> MakeAsync(ShelvedRun shelved, PolicySnapshot policy, CancellationToken cancellationToken)
    {
        if (shelved.Plan is not { } plan) return new ReadRun(shelved, null, null, "It was stored by another version of Rung. Run it again with --fresh.");
        try
        {
            var report = await new EvalRunReporter(store, new StoredJudges(store, clock)).ReportAsync(shelved.Run, withContent: false, terms: null, cancellationToken);
            return new ReadRun(shelved, report, plan.Terms.Judge is null ? null : await JudgeAsync(shelved.Run, policy, cancellationToken), null);
        }
        catch (EvalException e)
        {
            return new ReadRun(shelved, null, null, e.Message);
        }
    }

    private async Task<JudgeReport?> JudgeAsync(EvalRun run, PolicySnapshot policy, CancellationToken cancellationToken)
    {
        var terms = (policy.Tags.TryGetValue(run.Tag, out var route) ? route : policy.Default).Eval;
        try
        {
            return await new JudgeReview(store, clock).ReportAsync(run, terms, labels: [], ModelFamilies.Among(policy), cancellationToken);
        }
        catch (EvalException)
        {
            return null; // Nothing was judged yet.
        }
    }

    private static ShelvedRun Shelve(EvalRun run)
    {
        try
        {
            return new ShelvedRun(run, EvalRunPlan.Parse(run.Plan));
        }
        catch (EvalException)
        {
            return new ShelvedRun(run, null);
        }
    }
}
