using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rung.Control.Evals;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Scoring;
using Rung.Control.Measurement;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Evals;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Recording;
using Rung.Gateway.Shadows;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>Writes verdicts to the ledger.</summary>
internal delegate Task<int> AppendVerdicts(IReadOnlyList<VerdictRecord> batch, CancellationToken cancellationToken);

/// <summary>
/// Has the judge of a tag compare the two answers of a shadow, blind and in both orders, and writes two verdicts: the candidate's score on the copy, and what a
/// tie is worth (0.5) on the call. The copy's counts under its own tag, <c>shadow.TAG</c>, which ends the shadow once there are enough; the call's has weight 0: a
/// comparison says nothing about how good the tag is, and must not touch its floor. One comparison at a time.
/// </summary>
internal sealed partial class ShadowJudging(AppendCalls appendCalls, AppendVerdicts appendVerdicts, ulong seed, TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    /// <summary>The name of these verdicts in the ledger.</summary>
    public const string VerdictName = "shadow";

    /// <summary>What a tie is worth: the call's own score in every comparison.</summary>
    public const double Tie = 0.5;

    /// <summary>Weight of the verdict on a copy: that of a judge, in a tag which no floor looks at.</summary>
    public static double JudgeWeight => QualityWeights.Of(VerdictKind.Judge);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim judging = new(1, 1);
    private readonly ConcurrentDictionary<string, byte> said = [];
    private readonly ILogger<ShadowJudging> logger = loggers.CreateLogger<ShadowJudging>();
    private (PolicySnapshot Policy, ModelCaller Caller)? asking; // Touched while judging is held.

    /// <summary>Compares. See <see cref="JudgeShadow"/>.</summary>
    public async Task<ShadowJudgement> JudgeAsync(ShadowPair pair, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var policy = pair.CurrentPolicy;
        var route = Decider.Decide(policy, pair.Facts).Route;
        if (route.Eval.Judge is not { } judge)
        {
            if (said.TryAdd(route.Name, 0)) Log.NoJudge(logger, route.Name);
            return new ShadowJudgement(IsJudged: false, CostNanoUsd: 0);
        }
        await judging.WaitAsync(cancellationToken);
        try
        {
            var world = new ScoringWorld { Asker = new BoundAsker(CallerOf(policy), pair), Seed = seed, Session = null };
            var scorer = Scorers.Of(route.Eval with { Score = ScoreKind.Pairwise }, route, policy, world);
            var score = await scorer.ScoreAsync(CaseOf(pair), cancellationToken);
            if (score.Score is { } candidates) await appendVerdicts(VerdictsOf(pair, judge, candidates), cancellationToken);
            else if (said.TryAdd($"{route.Name}\n{score.Kind}", 0)) Log.NoVerdict(logger, judge, route.Name, score.Reason);
            return new ShadowJudgement(score.Score is not null, score.UnknownPriceAttempts > 0 ? null : score.CostNanoUsd);
        }
        catch (EvalException e)
        {
            if (said.TryAdd(e.Message, 0)) Log.NoVerdict(logger, judge, route.Name, e.Message);
            return new ShadowJudgement(IsJudged: false, CostNanoUsd: 0);
        }
        finally
        {
            judging.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        asking?.Caller.Dispose();
        judging.Dispose();
    }

    // A client of its own: what it waits for at a judge must not count as load or failure of the models that calls use.
    private ModelCaller CallerOf(PolicySnapshot policy)
    {
        if (asking is { } known && ReferenceEquals(known.Policy, policy)) return known.Caller;
        asking?.Caller.Dispose();
        var caller = new ModelCaller(policy, new ModelCallerOptions
        {
            Append = appendCalls, ReadSecret = Secrets.Read, Clock = clock, Chance = Random.Shared.NextDouble, Log = loggers, Patience = s_patience,
        });
        asking = (policy, caller);
        return caller;
    }

    private static ScoringCase CaseOf(ShadowPair pair)
    {
        var row = new EvalRow
        {
            Id = pair.Current.Id, Position = 0, Part = EvalPart.Test, Request = pair.Request, Reference = pair.CurrentMessage, Origin = $"call {pair.Current.Id}",
            CallId = pair.Current.Id, DataClass = pair.Facts.DataClass, User = pair.Facts.User,
        };
        var answer = new ModelAnswer
        {
            Status = AskStatus.Answered, Message = pair.CandidateMessage, FinishReason = pair.Candidate.Attempts.LastOrDefault(attempt => attempt.Model == pair.Candidate.Model)?.FinishReason,
            Model = pair.Candidate.Model, CallId = pair.Candidate.Id,
        };
        return new ScoringCase(row, pair.Candidate.Model ?? "candidate", answer);
    }

    private VerdictRecord[] VerdictsOf(ShadowPair pair, string judge, double candidates)
    {
        var at = clock.GetUtcNow();
        return [Of(pair.Current, Tie, weight: 0), Of(pair.Candidate, candidates, JudgeWeight)];

        // The ids are made of what they are about: the same comparison again changes nothing.
        VerdictRecord Of(CallRecord call, double score, double weight) => new()
        {
            Id = $"shadow-{pair.Rollout}-{call.Id}", CallId = call.Id, Session = call.Session, Tag = call.Tag, Model = call.Model, Kind = VerdictKind.Judge,
            Name = VerdictName, Score = score, Weight = weight, By = judge, At = at, SampledAt = null,
        };
    }

    /// <summary>Asks the judge under the pins that bind the call, and books it beside the copies: their budget pays for it.</summary>
    private sealed class BoundAsker(ModelCaller caller, ShadowPair pair) : IModelAsker
    {
        public async Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(question);
            return GatewayAsker.Of(await caller.AskAsync(Own(question), cancellationToken));
        }

        public long? Estimate(ModelQuestion question) => caller.Estimate(Own(question));

        private OwnQuestion Own(ModelQuestion question) => new()
        {
            Model = question.Model, Tag = question.Tag, AboutTag = pair.Current.Tag ?? question.AboutTag, DataClass = question.DataClass, User = question.User,
            Tenant = pair.Facts.Tenant, Role = pair.Facts.Role, BookedTag = pair.Candidate.Tag!, BookedRole = "judge",
            Arm = ArmName.Of(pair.Rollout, RolloutArm.Current), Request = question.Request,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(4021, LogLevel.Warning, "Copies of {Route} are not compared: its eval names no judge (eval: {{ judge: TAG }})")]
        public static partial void NoJudge(ILogger logger, string route);

        [LoggerMessage(4022, LogLevel.Warning, "The judge {Judge} gave no verdict on copies of {Route}: {Why}")]
        public static partial void NoVerdict(ILogger logger, string judge, string route, string? why);
    }
}
