using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Recorded;

/// <summary>
/// Runs a policy over recorded answers without a gateway: the same decision, the same checks, the same climbs, no HTTP. Where a rung has several models, a
/// gateway shares calls among them by load and chance; here the first one takes them all.
/// </summary>
/// <param name="outcomes">The recording.</param>
/// <param name="policy">The policy; its models are recorded ones by their <c>id</c>.</param>
/// <param name="at">The instant whose prices hold.</param>
internal sealed class OfflineCascade(RecordedOutcomes outcomes, PolicySnapshot policy, DateTimeOffset at)
{
    private static readonly CallContext s_noContext = new() { Prompt = default, Given = default };

    private readonly ImmutableArray<Model> byPriority = [.. policy.Models.OrderBy(model => model.Priority).ThenBy(model => model.Index)];

    /// <summary>Whether the length of the request can matter to a decision: some model has a known context.</summary>
    public bool LooksAtLength { get; } = policy.Models.Any(model => model.Context > 0);

    /// <summary>Works out one call.</summary>
    /// <param name="row">The prompt.</param>
    /// <param name="tag">The call's tag; null for none.</param>
    /// <param name="bodyBytes">Length of the request that a gateway would get.</param>
    /// <exception cref="OutsideNeededException">A check must have something found out that no recording holds.</exception>
    public OfflineCall Run(RecordedRow row, string? tag, int bodyBytes)
    {
        var tools = row.Tools is { } recorded && RecordedTools.Read(recorded) is { } converted ? JsonSerializer.SerializeToUtf8Bytes(converted) : [];
        var facts = new CallFacts
        {
            Tag = tag, TagSource = tag is null ? TagSource.None : TagSource.Header, Needs = tools.Length > 0 ? ModelNeeds.Tools : ModelNeeds.None, EstimatedInputTokens = bodyBytes / 4,
        };
        var decision = Decider.Decide(policy, facts);
        if (decision.Status != DecisionStatus.Decided)
            return new OfflineCall { Attempts = [], CostNanoUsd = 0, Error = decision.Status == DecisionStatus.PinUnsatisfied ? "pin_unsatisfied" : "no_model_fits" };
        return new Climber(this, row, decision, decision.Route.NeedsContext ? ContextOf(row, tools) : s_noContext, DeclaredTools(tools)).Run();
    }

    /// <summary>What the checks see of a prompt that is sent as one message.</summary>
    public static CallContext ContextOf(RecordedRow row, ReadOnlyMemory<byte> tools)
    {
        var prompt = Encoding.UTF8.GetBytes(row.Prompt);
        return new CallContext { Prompt = prompt, Given = prompt, Tools = tools };
    }

    /// <summary>Names of the tools that a row's prompt declares.</summary>
    public static ImmutableArray<string> DeclaredTools(ReadOnlyMemory<byte> tools)
    {
        if (tools.IsEmpty) return [];
        using var document = JsonDocument.Parse(tools);
        return [.. document.RootElement.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!)];
    }

    /// <summary>Cost of tokens at a model, in nano-USD; null when its price is unknown, or by the hour: a recording knows no busy time.</summary>
    public long? CostOf(Model model, in TokenUsage usage) =>
        model.Hourly is null && model.Price?.At(at) is { } period ? Cost.OfTokens(usage, period, at) : null;

    /// <summary>Cost of a reply at a model. Of a stand-in whose tokens nobody counted it is unknown: its characters are not the answer's.</summary>
    public long? CostOf(Model model, RecordedReply reply) => reply is { IsStandIn: true, UsageIsEstimated: true } ? null : CostOf(model, reply.Usage);

    /// <summary>One call on its way up the ladder.</summary>
    private sealed class Climber(OfflineCascade cascade, RecordedRow row, Decision decision, CallContext context, ImmutableArray<string> declaredTools)
    {
        private readonly List<OfflineAttempt> attempts = [];
        private long cost;

        public OfflineCall Run()
        {
            var (tier, candidates, climbs) = (decision.Tier, decision.Candidates, 0);
            (OfflineAttempt Attempt, RecordedReply Reply, RecordedOutcome Outcome)? kept = null;
            while (true)
            {
                if (Ask(tier, candidates, climbs > 0 ? "escalation" : "first", out var refusal) is not { } answered)
                {
                    // A gateway's models say "not found" here, which no other rung is asked about.
                    return kept is { } last && decision.Route.Escalation?.Exhausted != Exhausted.Error ? Serve(last.Attempt, last.Reply, last.Outcome) : Fail(refusal);
                }
                if (answered.Outcome.Answer!.IsStandIn && NeedsContent(answered.Reply, climbs, tier)) return Fail(OfflineCall.Unjudged);
                var judgement = Judge(answered.Reply, answered.Outcome.Answer.IsStandIn, Decides(climbs, tier));
                var attempt = attempts[^1] with
                {
                    Checks = judgement.Verdicts,
                    Failed = AnswerTrial.Fails(decision.Route, judgement.Causes) ? Explanation.Causes(judgement.Causes) : null,
                };
                attempts[^1] = attempt;
                if (attempt.Failed is null) return Serve(attempt, answered.Reply, answered.Outcome);
                kept = (attempt, answered.Reply, answered.Outcome);
                if (!MayClimb(judgement.Causes, climbs, tier, out tier, out candidates))
                    return decision.Route.Escalation?.Exhausted == Exhausted.Error ? Fail("check_failed") : Serve(attempt, answered.Reply, answered.Outcome);
                climbs++;
            }
        }

        /// <summary>As in a gateway: the first answer's verdict counts, and that of a later one only where something hangs on it.</summary>
        private bool Decides(int climbs, Tier tier) =>
            climbs == 0 || decision.Route.Escalation?.Exhausted == Exhausted.Error || MayClimb(ClimbCause.CheckFailed, climbs, tier, out _, out _);

        private bool MayClimb(ClimbCause causes, int climbs, Tier from, out Tier tier, out ModelSet candidates) =>
            Decider.MayClimb(cascade.Policy, decision, causes, climbs, from, out tier, out candidates)
            && attempts.Count < decision.Route.Limits.Attempts
            && !(decision.Route.Escalation?.MaxCostNanoUsd is { } most && cost >= most);

        /// <summary>Whether something hangs on a check that would have to read what a stand-in does not hold: a climb, or an error in the answer's place.</summary>
        private bool NeedsContent(RecordedReply reply, int climbs, Tier tier)
        {
            if (decision.Route.Checks.IsEmpty || (EndingOf(reply) & (decision.Route.Escalation?.On ?? ClimbCause.None)) != ClimbCause.None) return false;
            return decision.Route.Escalation?.Exhausted == Exhausted.Error || MayClimb(ClimbCause.CheckFailed, climbs, tier, out _, out _);
        }

        private ClimbCause EndingOf(RecordedReply reply) => AnswerTrial.Ending(reply.ToAnswer(declaredTools, context));

        private AnswerJudgement Judge(RecordedReply reply, bool isStandIn, bool decides)
        {
            if (!decision.Route.Holds) return new(ClimbCause.None, []);
            if (isStandIn) return new(EndingOf(reply), []);
            var trial = new AnswerTrial(decision.Route, decides, [reply.ToAnswer(declaredTools, context)], "");
            if (trial.Next() is { } question) throw new OutsideNeededException(decision.Route.Checks[question.Check].Name, question.Inquiry);
            return trial.ToJudgement();
        }

        private (RecordedReply Reply, RecordedOutcome Outcome)? Ask(Tier tier, ModelSet candidates, string kind, out string refusal)
        {
            refusal = "upstream_unavailable";
            var route = decision.Route;
            foreach (var model in cascade.byPriority)
            {
                if (!candidates.Contains(model.Index)) continue;
                if (attempts.Count >= route.Limits.Attempts) break;
                var rung = tier.Pool.Contains(model.Index) ? tier.Name : "pinned";
                if (row.Of(model.UpstreamId) is { Answer: { } answer } outcome)
                {
                    var reply = new RecordedReply(row, outcome, answer, route.MaxTokens > 0 ? route.MaxTokens : null, created: 0);
                    var price = cascade.CostOf(model, reply);
                    cost += price ?? 0;
                    attempts.Add(new OfflineAttempt(model.Name, rung, kind, [], null, price));
                    return (reply, outcome);
                }
                refusal = cascade.Outcomes.Knows(model.UpstreamId) ? "no_recorded_answer" : "model_not_found";
                attempts.Add(new OfflineAttempt(model.Name, rung, kind, [], refusal, 0));
                kind = "failover";
            }
            return null;
        }

        private OfflineCall Serve(OfflineAttempt attempt, RecordedReply reply, RecordedOutcome outcome)
        {
            var answer = reply.ToAnswer(declaredTools, context);
            var reference = cascade.Policy.BaselineModel;
            return new OfflineCall
            {
                Attempts = attempts,
                Served = attempt,
                Answer = new ChatAnswer(
                    outcome.Model, Encoding.UTF8.GetString(answer.Content.Span),
                    [.. answer.ToolCalls.Select(call => new ChatToolCall(call.Name, Encoding.UTF8.GetString(call.Arguments.Span)))]),
                CostNanoUsd = cost,
                BaselineNanoUsd = attempt.Model == reference.Name ? attempt.CostNanoUsd : cascade.CostOf(reference, reply),
            };
        }

        private OfflineCall Fail(string error) => new() { Attempts = attempts, CostNanoUsd = cost, Error = error };
    }

    private RecordedOutcomes Outcomes => outcomes;

    private PolicySnapshot Policy => policy;
}

/// <summary>A check must have something found out that no recording holds.</summary>
/// <param name="check">The check.</param>
/// <param name="inquiry">What it asks.</param>
internal sealed class OutsideNeededException(string check, Inquiry inquiry) : Exception($"The check \"{check}\" needs {Words(inquiry)}, which a recording does not hold.")
{
    /// <summary>What is asked, in words.</summary>
    public static string Words(Inquiry inquiry) => inquiry switch
    {
        SamplesInquiry samples => $"{samples.Count} more answers of the same model",
        CommandInquiry command => $"the command {command.Command} to be run",
        VerifierInquiry verifier => $"the verifier {verifier.Verifier} to be asked",
        _ => "something found out",
    };
}
