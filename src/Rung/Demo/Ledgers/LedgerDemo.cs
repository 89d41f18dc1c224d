using Rung.Commands.Content;
using Rung.Core.Measurement;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Storage.Rollups;

namespace Rung.Demo.Ledgers;

/// <summary>What was written.</summary>
internal sealed record LedgerDemoSummary
{
    /// <summary>Calls.</summary>
    public required long Calls { get; init; }
    /// <summary>Attempts.</summary>
    public required long Attempts { get; init; }
    /// <summary>Quality verdicts.</summary>
    public required long Verdicts { get; init; }
    /// <summary>Known cost of all attempts, nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown.</summary>
    public required long UnknownPriceAttempts { get; init; }
    /// <summary>The first instant, UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>The first instant after it, UTC.</summary>
    public required DateTimeOffset To { get; init; }
}

/// <summary>
/// Makes a data directory of a past that never was: 1. calls come day by day, decided by the real engine; 2. people change the policy, and the real control loop
/// watches, demotes and rolls out; 3. what people keep beside calls is added: content, evals, reviews, imported calls.
/// </summary>
internal sealed class LedgerDemo(LedgerDemoOptions options, TimeProvider machine, IProgress<long> progress, IProgress<RollUpProgress>? rollUps = null)
{
    /// <summary>Name of the policy file in the data directory.</summary>
    public const string PolicyName = "policy.yaml";

    private const int Batch = 2_000, RollUpStep = 20_000;

    /// <summary>The command that shows it.</summary>
    public static string ServeLine(LedgerDemoOptions options) => $"rung serve --data {options.Folder} --policy {Path.Combine(options.Folder, PolicyName)}";

    // About what a call of this mix costs: budgets are drawn from it, so that one holds and one does not, at any size.
    private const decimal UsdPerCall = 0.0105m;

    private readonly WorldTime _time = new(machine.GetUtcNow(), options.Days);
    private List<CallRecord> _calls = new(Batch), _written = new(Batch);
    private readonly PriorityQueue<VerdictRecord, (long Ticks, long Number)> _verdicts = new();
    private Task _writing = Task.CompletedTask;
    private long _callCount, _verdictCount, _number, _rolledUp;

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public async Task<LedgerDemoSummary> WriteAsync(CancellationToken cancellationToken)
    {
        var clock = new WorldClock(_time.Start);
        await using var ledger = Ledger.Open(options.Folder, clock);
        var policyPath = Path.Combine(options.Folder, PolicyName);
        var perDay = (decimal)options.Calls / options.Days;
        var final = WorldPolicies.Final(everything: decimal.Round(perDay * UsdPerCall * 30 * 3, 2), research: decimal.Round(perDay * UsdPerCall * 30 * 0.7m, 2));
        var policies = PolicyFileAccess.Of(policyPath, PriceBook.Embedded, clock);
        await using var content = ContentDirectory.Open(options.Folder, clock);
        var evals = new WorldEvals(ledger, content, async () => policies.Compiled((await ledger.GetRevisionAsync((await ledger.NewestRevisionAsync(cancellationToken))!.Number, cancellationToken))!), clock, options.Seed);
        var acts = new WorldActs(ledger, policies, evals, new WorldReviews(ledger, content, clock, options.Seed), clock, _time, policyPath, final, options.Seed);
        await acts.BeginAsync(cancellationToken);
        await using var control = new WorldControl(ledger, policies, clock, acts.Begin, WorldPolicies.Compile(final, DateOnly.FromDateTime(_time.End.UtcDateTime)).Compilation.Snapshot!);
        await control.LookAsync(cancellationToken);
        await PlayAsync(ledger, content, control, acts, clock, cancellationToken);
        await WorldImports.WriteAsync(ledger, options.Seed, clock, cancellationToken);
        await RollUpAsync(ledger, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(options.Folder, "README.md"), $"""
            # SIMULATED

            Everything in this data directory is made up by `rung demo ledger --calls {options.Calls} --days {options.Days} --seed {options.Seed}`: calls, answers, verdicts, prices of models and names.
            The rules are real: routes are decided, prices multiplied, rollouts advanced and alerts raised by the same code as beside a gateway. To look at it:

                {ServeLine(options)}

            Send no real calls to it: they could not be told from the others.

            """, cancellationToken);
        return await SumAsync(ledger, cancellationToken);
    }

    // As every page adds up: the calls of judges are among them, and whatever else the ledger got.
    private async Task<LedgerDemoSummary> SumAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        var query = new RollupQuery { From = RollupGrain.Day.Begin(_time.Start), To = _time.End.AddMinutes(1), Tags = false, Spend = SpendBy.Nothing };
        var sums = new SpendSums();
        foreach (var row in (await ledger.ReadRollupAsync(query, cancellationToken)).Spend) sums.Merge(row.Sums);
        return new LedgerDemoSummary
        {
            Calls = sums.Calls, Attempts = sums.Attempts, Verdicts = _verdictCount, CostNanoUsd = sums.CostNanoUsd, UnknownPriceAttempts = sums.UnknownPriceAttempts, From = _time.Start, To = _time.End,
        };
    }

    private async Task PlayAsync(Ledger ledger, ContentStore content, WorldControl control, WorldActs acts, WorldClock clock, CancellationToken cancellationToken)
    {
        var world = new World(new WorldSessions(_time, (double)options.Calls / options.Days, Chance("sessions")), new WorldCalls(new WorldTroubles(_time), Chance("calls")), new WorldVerdicts(Chance("verdicts")),
            new WorldCaptures(_time, options.Seed, (double)options.Calls / options.Days, Chance("captures")));
        var due = new Queue<WorldAct>(acts.All);
        var nextStep = acts.Begin;
        for (var minute = _time.Start; minute < _time.End; minute = minute.AddMinutes(1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (due.TryPeek(out var act) && act.At <= minute)
            {
                clock.Now = minute;
                await FlushAsync(ledger, minute, cancellationToken);
                await world.Captures.WriteAsync(content, cancellationToken);
                await due.Dequeue().Do(cancellationToken);
                await control.LookAsync(cancellationToken);
            }
            if (minute >= nextStep)
            {
                clock.Now = minute;
                await FlushAsync(ledger, minute, cancellationToken);
                await control.StepAsync(cancellationToken);
                nextStep = minute + (minute >= _time.Before(7) ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(2));
            }
            world.Sessions.Arrive(minute);
            while (world.Sessions.TryNext(minute.AddMinutes(1), out var call)) Make(world, control, call);
            if (_calls.Count >= Batch) await BeginWritingAsync(ledger, minute, cancellationToken);
        }
        clock.Now = _time.End;
        await FlushAsync(ledger, _time.End, cancellationToken);
        await world.Captures.WriteAsync(content, cancellationToken);
        await control.StepAsync(cancellationToken);
    }

    /// <summary>Adds up what was written, so that the gateway that is shown has nothing to catch up with.</summary>
    private async Task RollUpAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        RollUpProgress rolled;
        do
        {
            rolled = await ledger.RollUpAsync(RollUpStep, cancellationToken);
            rollUps?.Report(rolled);
        }
        while (!rolled.IsComplete);
    }

    private void Make(World world, WorldControl control, DueCall due)
    {
        var (at, session, job) = due;
        var place = control.Place(job.Tag, session.Name);
        var call = world.Calls.Make(session, job, place, at, out var isWrong);
        var ended = call.StartedAt.AddMicroseconds(call.LatencyMicros);
        if (ended > _time.End) return; // Still under way: the ledger knows it when it has ended.
        _calls.Add(call);
        _callCount++;
        var observed = control.See(call);
        session.WentWrong |= isWrong || call.Status == CallStatus.Failed;
        if (call.Status is CallStatus.Answered or CallStatus.AnsweredUnverified)
        {
            world.Verdicts.Judge(call, job, isWrong, verdict => Give(control, verdict, observed));
            world.Captures.See(call, place.Policy, isWrong);
        }
        if (world.Sessions.Ended(session, ended)) world.Verdicts.Report(call, session, verdict => Give(control, verdict, null));
    }

    private void Give(WorldControl control, VerdictRecord verdict, ObservedCall? call)
    {
        if (verdict.At >= _time.End) return;
        _verdicts.Enqueue(verdict, (verdict.At.UtcTicks, _number++));
        control.See(verdict, call);
    }

    /// <summary>Writes the calls that were made, and the verdicts that were given by an instant.</summary>
    private async Task FlushAsync(Ledger ledger, DateTimeOffset by, CancellationToken cancellationToken)
    {
        await BeginWritingAsync(ledger, by, cancellationToken);
        await _writing;
    }

    /// <summary>Lets the ledger write while the next calls are made: each takes about as long as the other.</summary>
    private async Task BeginWritingAsync(Ledger ledger, DateTimeOffset by, CancellationToken cancellationToken)
    {
        await _writing;
        progress.Report(_callCount);
        (_calls, _written) = (_written, _calls);
        _calls.Clear();
        var due = new List<VerdictRecord>();
        while (_verdicts.TryPeek(out var verdict, out _) && verdict.At < by) due.Add(_verdicts.Dequeue());
        _verdictCount += due.Count;
        var made = _callCount; // The next calls are made meanwhile.
        _writing = Task.Run(async () =>
        {
            await ledger.AppendAsync(_written, cancellationToken);
            await ledger.AppendVerdictsAsync(due, cancellationToken);
            // As beside a gateway: what is rolled up in time never piles up into one long wait at the end.
            if (made - _rolledUp < RollUpStep) return;
            _rolledUp = made;
            await ledger.RollUpAsync(2 * RollUpStep, cancellationToken);
        }, cancellationToken);
    }

    private DemoChance Chance(string what) => new(options.Seed, what);

    private sealed record World(WorldSessions Sessions, WorldCalls Calls, WorldVerdicts Verdicts, WorldCaptures Captures);
}
