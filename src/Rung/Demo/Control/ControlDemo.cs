using Rung.Control.Rollouts;
using Rung.Core.Alerts;
using Rung.Core.Prices;
using Rung.Core.Rollouts;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Demo.Control;

/// <summary>
/// The story of a control loop, with a real gateway, a real ledger and the real loop over simulated models in time that runs faster: 1. all is well; 2. the small model
/// gets worse, and its tag is demoted; 3. the price of the middle rung goes up, and the ceiling's alert fires; 4. the small model is well again, and a rollout brings the
/// tag back; 5. the alerts are over.
/// </summary>
internal sealed class ControlDemo(ControlDemoOptions options, Action<ControlMoment> tell, TimeProvider machine)
{
    private const int Desks = 6;
    private const double WellFaults = 0.03; // Below one in twenty: the climbs of what fails its check are not yet the 95th percentile of the times.
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(10); // Of the story's time.

    private readonly List<ControlMoment> _moments = [];
    private readonly List<ControlAct> _acts = [];
    private readonly FasterTime _time = new(machine, options.Factor);
    private readonly SimulatedForm _form = new();
    private readonly Dictionary<string, AlertState> _alerts = new(StringComparer.Ordinal);
    private readonly HashSet<AlertKind> _firing = [];
    private DateTimeOffset _began;
    private long _revisions;
    private int _rolloutEvents;

    private Func<int> _calls = () => 0;

    /// <summary>Plays it.</summary>
    /// <param name="stay">Called when the story has been told, while everything still runs and tickets still come; null: it ends then.</param>
    /// <param name="cancellationToken">Ends it at any time.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="IOException">The folder cannot be written or loopback cannot be listened on.</exception>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public async Task<ControlStory> PlayAsync(Func<ControlStory, Task>? stay, CancellationToken cancellationToken)
    {
        var wall = machine.GetTimestamp();
        using var home = new DemoHome(options.Folder, options.Keep);
        return await PlayInAsync(home, wall, stay, cancellationToken);
    }

    private static string PolicyPath(DemoHome home) => Path.Combine(home.Path, PolicyFile.DefaultPath);

    private async Task<ControlStory> PlayInAsync(DemoHome home, long wall, Func<ControlStory, Task>? stay, CancellationToken cancellationToken)
    {
        await using var ledger = Ledger.Open(home.Path, _time);
        await using var upstream = await SimulatedUpstream.StartAsync(options.Seed, timeScale: 1, _time, _form, cancellationToken);
        var path = PolicyPath(home);
        await File.WriteAllTextAsync(path, ControlDemoPolicy.Text(upstream.BaseUrl), cancellationToken);
        var first = ControlDemoPolicy.Compile(await File.ReadAllTextAsync(path, cancellationToken), Today);
        var stored = await ledger.PublishRevisionAsync(first.Compilation.Snapshot!.Hash, first.Text, first.Files, "rung demo", "the story begins", cancellationToken);
        _revisions = stored.Number;
        await using var server = await GatewayServer.StartAsync(
            new GatewayServerOptions
            {
                Urls = [options.Url], Policy = first.Compilation.Snapshot.WithRevision(stored.Number), WatchedPath = path, Prices = PriceBook.Embedded, Clock = _time,
                Log = null, Control = ControlMode.On,
                Simulated = $"The models, their answers, what people say of them, and the time, which runs {options.Factor} times faster, are those of rung demo control. The gateway, its ledger and the control loop are real.",
            },
            ledger, cancellationToken);
        using var traffic = new TicketTraffic(server.Urls[0], options.Seed, TimeSpan.FromSeconds(1));
        _calls = () => traffic.Count.Answered;
        _began = _time.GetUtcNow();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = traffic.RunAsync(Desks, _time, ending.Token);
        try
        {
            var (calls, toDemotion, unfinished) = await TellAsync(ledger, traffic, path, cancellationToken);
            var story = new ControlStory
            {
                Moments = _moments, Acts = _acts, Calls = calls, CallsToDemotion = toDemotion, Unfinished = unfinished, Kept = options.Keep ? home.Path : null,
                Policy = options.Keep ? path : null, Began = _began, Wall = machine.GetElapsedTime(wall), Told = _time.GetUtcNow() - _began,
            };
            // Nobody writes any more: the pages stay as the story left them.
            await ending.CancelAsync();
            await working;
            if (stay is not null) await stay(story);
            return story;
        }
        finally
        {
            await ending.CancelAsync();
            await working;
        }
    }

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    private async Task<(int Calls, int? ToDemotion, string? Unfinished)> TellAsync(Ledger ledger, TicketTraffic traffic, string path, CancellationToken cancellationToken)
    {
        var tag = SupportJobs.Classify.Tag;

        _form.Set("simulated-small", WellFaults, wrong: 0);
        Say("story", $"All is well: {tag} is answered by the small model, and people say by thumbs whether the queue was right.");
        await ActAsync("all is well", ledger, traffic, TimeSpan.FromMinutes(8), () => Task.FromResult(false), cancellationToken);

        var before = traffic.Count.Answered;
        int? toDemotion = null;
        _form.Set("simulated-small", faults: 0.25, wrong: 0.25);
        Say("story", "The small model gets worse, unannounced: one answer in four is the wrong queue in right form, and one in four fails its check.");
        if (!await ActAsync("the model is worse", ledger, traffic, TimeSpan.FromMinutes(45), async () => await DemotedAsync(ledger, cancellationToken), cancellationToken))
            return (traffic.Count.Answered, null, "the floor was not found broken in 45 minutes of the story");
        toDemotion = traffic.Count.Answered - before;
        await ActAsync("demoted to mid", ledger, traffic, TimeSpan.FromMinutes(5), () => Task.FromResult(false), cancellationToken);

        await File.WriteAllTextAsync(path, ControlDemoPolicy.WithRaisedPrice(await File.ReadAllTextAsync(path, cancellationToken)), cancellationToken);
        Say("people", "The provider raises the price of the middle rung fourfold; somebody writes it into the policy file.");
        if (!await ActAsync("the price is higher", ledger, traffic, TimeSpan.FromMinutes(45), () => Task.FromResult(IsFiring(AlertKind.CostCeiling)), cancellationToken))
            return (traffic.Count.Answered, toDemotion, "the ceiling's alert did not fire in 45 minutes of the story");

        _form.Set("simulated-small", WellFaults, wrong: 0);
        Say("story", "The small model is well again. Nothing goes back by itself: somebody starts a rollout to it.");
        var rollout = await StartRolloutAsync(ledger, path, cancellationToken);
        if (!await ActAsync("the way back", ledger, traffic, TimeSpan.FromHours(2), async () => (await ledger.FindRolloutAsync(rollout, cancellationToken))!.Last.Kind == RolloutEventKind.Completed, cancellationToken))
            return (traffic.Count.Answered, toDemotion, $"rollout {rollout} did not complete in 2 hours of the story");

        if (!await ActAsync("small again", ledger, traffic, TimeSpan.FromHours(1), () => Task.FromResult(_alerts.Values.All(state => state != AlertState.Firing)), cancellationToken))
            return (traffic.Count.Answered, toDemotion, "an alert was still firing an hour after the rollout");
        Say("story", "The alerts are over, and the job is back where it is cheap: found, demoted, told, and shipped back with guards.");
        return (traffic.Count.Answered, toDemotion, null);
    }

    /// <summary>Goes on until something has come true, or time is over; false then.</summary>
    private async Task<bool> ActAsync(string name, Ledger ledger, TicketTraffic traffic, TimeSpan most, Func<Task<bool>> ended, CancellationToken cancellationToken)
    {
        var (since, count) = (_time.GetUtcNow(), traffic.Count);
        var isTrue = false;
        while (!isTrue && _time.GetUtcNow() - since < most)
        {
            await Task.Delay(s_look, _time, cancellationToken);
            await LookAsync(ledger, cancellationToken);
            isTrue = await ended();
        }
        var now = traffic.Count;
        var cost = 0L;
        await foreach (var call in ledger.ReadAsync(new CallQuery { Since = since, Tag = SupportJobs.Classify.Tag }, cancellationToken)) cost += call.CostNanoUsd;
        _acts.Add(new ControlAct(name, now.Answered - count.Answered, now.Wrong - count.Wrong, cost));
        return isTrue;
    }

    private async Task<long> StartRolloutAsync(Ledger ledger, string path, CancellationToken cancellationToken)
    {
        var text = ControlDemoPolicy.On(await File.ReadAllTextAsync(path, cancellationToken), "small");
        var file = ControlDemoPolicy.Compile(text, Today);
        var access = PolicyFileAccess.Of(path, PriceBook.Embedded, _time);
        var desk = new RolloutDesk(ledger, access, _time, () => $"demo-{options.Seed}");
        var proposal = await desk.PlanAsync(new RolloutRequest
        {
            Candidate = new WholePolicy("the policy with the tag on small", file.Text, file.Files, file.Compilation.Snapshot!), By = "rung demo", Why = "the small model is well again",
            Stages = [2_500, 5_000, RolloutPlan.Whole], MinTime = TimeSpan.FromMinutes(8), MinSample = 30, Unit = RolloutUnit.Session,
            Guards = [new Guard(GuardMetric.Feedback, 0.05), new Guard(GuardMetric.Error, 0.03), new Guard(GuardMetric.LatencyP95, 0.5), new Guard(GuardMetric.CostPerCall, 0.1)],
        }, cancellationToken);
        return (await desk.StartAsync(proposal, cancellationToken)).Id;
    }

    private static async Task<bool> DemotedAsync(Ledger ledger, CancellationToken cancellationToken) =>
        (await ledger.NewestRevisionAsync(cancellationToken))?.Origin == RevisionOrigin.Automatic;

    private bool IsFiring(AlertKind kind) => _firing.Contains(kind);

    /// <summary>Tells what came into the ledger since the last look.</summary>
    private async Task LookAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        foreach (var revision in (await ledger.ListRevisionsAsync(cancellationToken)).Where(one => one.Number > _revisions && one.Origin != RevisionOrigin.Candidate).Reverse())
        {
            _revisions = revision.Number;
            Say(revision.Origin == RevisionOrigin.Automatic ? "rung" : "people", $"Revision {revision.Number}: {revision.Reason}");
        }
        var events = (await ledger.ListRolloutsAsync(openOnly: false, cancellationToken)).SelectMany(rollout => rollout.Events.Select(one => (rollout, one))).ToList();
        foreach (var (rollout, one) in events.Skip(_rolloutEvents))
            Say(one.By == "rung" ? "rung" : "people", $"Rollout {rollout.Id} {Word(one.Kind)}{(one.Stage >= 0 ? $", {rollout.Plan.Stages[one.Stage] / 100.0:0.##} %" : "")}: {one.Why}");
        _rolloutEvents = events.Count;
        _firing.Clear();
        foreach (var alert in await ledger.ListAlertsAsync(endedSince: _began, cancellationToken))
        {
            if (alert.State == AlertState.Firing) _firing.Add(alert.Kind);
            if (_alerts.TryGetValue(alert.Key, out var known) && known == alert.State) continue;
            _alerts[alert.Key] = alert.State;
            if (alert.State is AlertState.Firing or AlertState.Resolved) Say("alert", $"{(alert.State == AlertState.Firing ? "FIRING" : "RESOLVED")} {alert.Summary}");
        }
    }

    private static string Word(RolloutEventKind kind) => kind switch
    {
        RolloutEventKind.Started => "started", RolloutEventKind.ShadowEnded => "left its shadow", RolloutEventKind.Advanced => "advanced", RolloutEventKind.Held => "was held",
        RolloutEventKind.Resumed => "was resumed", RolloutEventKind.Completed => "is complete", RolloutEventKind.RolledBack => "was rolled back", _ => "was closed",
    };

    private void Say(string who, string words)
    {
        var moment = new ControlMoment(_time.GetUtcNow() - _began, who, words, _calls());
        _moments.Add(moment);
        tell(moment);
    }
}
