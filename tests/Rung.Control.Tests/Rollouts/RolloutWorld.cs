using System.Collections.Immutable;
using System.Globalization;
using Rung.Control.Rollouts;
using Rung.Control.Steering;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Tests.Rollouts;

/// <summary>A ledger in a folder, a policy file in memory, a clock that is moved by hand, and a gateway that assigns arms and writes calls with their judgements.</summary>
internal sealed class RolloutWorld : IAsyncDisposable
{
    public const string Policy = """
        version: 1
        tiers:
          small: { models: [mini] }
          large: { models: [maxi] }
        models:
          mini: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: small, price: { input: 1, output: 2 } }
          maxi: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: large, price: { input: 3, output: 6 } }
        tags:
          label:
            tier: large
            owner: team-a
            why: "Three labels."
          other:
            tier: large
            owner: team-a
            why: "Something else."
        default: { tier: large, why: "Not yet understood." }

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-rollout-");
    private readonly Random _chance = new(20261122);
    private int _calls;

    public RolloutWorld()
    {
        Ledger = Ledger.Open(_folder.FullName, Clock);
        Policies = new PolicyAccess
        {
            Compile = (text, files) => Compile(text),
            FileHash = () => FileText is { } text ? Compile(text).Snapshot?.Hash : null,
            WriteFile = (revision, _) =>
            {
                if (!IsFileWritable) return Task.FromResult("It could not be written.");
                FileText = revision.Text;
                return Task.FromResult("It is written.");
            },
        };
    }

    public HandClock Clock { get; } = new(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    public Ledger Ledger { get; }
    public PolicyAccess Policies { get; }
    public string? FileText { get; set; } = Policy;
    public bool IsFileWritable { get; set; } = true;
    public string Folder => _folder.FullName;

    /// <summary>Share of good answers: of the current policy's tier, of the candidate.</summary>
    public double Current { get; set; } = 0.9;
    public double Candidate { get; set; } = 0.9;

    /// <summary>Calls of a session. Ten of them are judged as one at once; what is judged of fewer is waited for.</summary>
    public int CallsOfSession { get; init; } = 1;

    /// <summary>Calls a minute.</summary>
    public int PerMinute { get; set; } = 40;

    public bool IsJudged { get; set; } = true;

    public static PolicyCompilation Compile(string text) => PolicyCompiler.Compile(new PolicySource("policy", text, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 2));

    public static string Cheaper(string text = Policy, string tag = "label") =>
        text.Replace($"  {tag}:\n    tier: large", $"  {tag}:\n    tier: small", StringComparison.Ordinal);

    public static WholePolicy Whole(string text) => new("candidate.yaml", text, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, Compile(text).Snapshot!);

    public RolloutDesk Desk => new(Ledger, Policies, Clock, () => "salt");

    public ControlLoop Loop(string holder = "one", Ledger? ledger = null, TellConditions? tell = null) =>
        new(ledger ?? Ledger, Policies, holder, tell ?? ((conditions, _, _) => Task.CompletedTask));

    public async Task<PolicyRevision> PublishAsync(string text = Policy, string by = "ana", string why = "the start")
    {
        FileText = text;
        return await Ledger.PublishRevisionAsync(Compile(text).Snapshot!.Hash, text, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, by, why, CancellationToken.None);
    }

    /// <summary>A rollout that can be over within an hour or two of this traffic.</summary>
    public static RolloutRequest Quick(string text) => new()
    {
        Candidate = Whole(text), By = "ana", Stages = [1_000, 5_000, RolloutPlan.Whole], MinTime = TimeSpan.FromMinutes(20), MinSample = 20, Unit = RolloutUnit.Call, // Verdicts of a session are waited for an hour; those of a call are not.
        Guards = [new Guard(GuardMetric.Judge, 0.2), new Guard(GuardMetric.Error, 0.2)],
    };

    public async Task<Rollout> StartAsync(RolloutRequest? request = null) =>
        await Desk.StartAsync(await Desk.PlanAsync(request ?? Quick(Cheaper()), CancellationToken.None), CancellationToken.None);

    public async Task<Rollout> RolloutAsync(long id = 1) => (await Ledger.FindRolloutAsync(id, CancellationToken.None))!;

    /// <summary>A minute of traffic, then a step of each loop.</summary>
    public async Task<ControlStep> MinuteAsync(params ControlLoop[] loops)
    {
        await TrafficAsync("label", PerMinute);
        Clock.Now += TimeSpan.FromMinutes(1);
        var last = ControlStep.Elsewhere;
        foreach (var loop in loops) last = await loop.StepAsync(Clock.Now, CancellationToken.None) is { Acted: true } acted ? acted : last;
        return last;
    }

    /// <summary>Minutes until something is so, or there have been too many.</summary>
    public async Task<int> UntilAsync(Func<Rollout, bool> isSo, int most, params ControlLoop[] loops)
    {
        for (var minute = 1; minute <= most; minute++)
        {
            await MinuteAsync(loops);
            if (isSo(await RolloutAsync())) return minute;
        }
        return -1;
    }

    /// <summary>Calls of a tag over the minute that begins now, with their judgements.</summary>
    public async Task TrafficAsync(string tag, int count)
    {
        var newest = (await Ledger.NewestRevisionAsync(CancellationToken.None))!;
        var policy = Compile((await Ledger.GetRevisionAsync(newest.Number, CancellationToken.None))!.Text).Snapshot!;
        var rollout = (await Ledger.ListRolloutsAsync(openOnly: true, CancellationToken.None)).FirstOrDefault(open => open.Plan.Covers(tag));
        var (calls, verdicts) = (new List<CallRecord>(), new List<VerdictRecord>());
        for (var i = 0; i < count; i++)
        {
            var at = Clock.Now + TimeSpan.FromSeconds(50.0 * i / count);
            var session = string.Create(CultureInfo.InvariantCulture, $"session-{_calls / CallsOfSession}");
            var arm = rollout is null || rollout.IsShadow ? (RolloutArm?)null : RolloutAssignment.ArmOf(RolloutAssignment.Point(rollout.Plan.Salt, session), rollout.Share, rollout.Plan.Holdback);
            var isCandidate = arm == RolloutArm.Candidate;
            var tier = isCandidate ? "small" : policy.Tags[tag].Tier.Name;
            var call = Call(at, tag, session, tier, isCandidate ? rollout!.Candidate : newest.Number, arm is { } side ? ArmName.Of(rollout!.Id, side) : null);
            calls.Add(call);
            if (!IsJudged) continue;
            verdicts.Add(new VerdictRecord
            {
                Id = $"v{_calls}", CallId = call.Id, Session = session, Tag = tag, Kind = VerdictKind.Judge, Score = _chance.NextDouble() < (tier == "small" ? Candidate : Current) ? 1 : 0, Weight = 0.5, By = "judge",
                At = at + TimeSpan.FromSeconds(3),
            });
        }
        await Ledger.AppendAsync(calls, CancellationToken.None);
        await Ledger.AppendVerdictsAsync(verdicts, CancellationToken.None);
    }

    public CallRecord Call(DateTimeOffset at, string tag, string? session, string tier, long revision, string? arm)
    {
        var cost = tier == "small" ? 1_000_000L : 3_000_000L;
        return new CallRecord
        {
            Id = $"{at.ToUnixTimeMilliseconds():x12}7{_calls++:x19}", StartedAt = at, Tag = tag, Session = session, Route = tag, Arm = arm, PolicyRevision = revision, PolicyHash = "h",
            Status = CallStatus.Answered, HttpStatus = 200, LatencyMicros = 800_000 + _chance.Next(400_000), Tier = tier, Model = tier, CostNanoUsd = cost, BaselineNanoUsd = 3_000_000,
            Attempts =
            [
                new AttemptRecord
                {
                    Ordinal = 0, Kind = AttemptKind.First, Model = tier, Provider = "p", Tier = tier, Propensity = 1, StartedAt = at, Outcome = AttemptOutcome.Completed, HttpStatus = 200, LatencyMicros = 900_000, CostNanoUsd = cost,
                },
            ],
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal sealed class HandClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
