using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Requests;
using Rung.Core.Spans;
using Rung.Gateway.Inquiries;
using Rung.Gateway.Intake;
using Rung.Gateway.Judging;
using Rung.Gateway.Recording;
using Rung.Gateway.Streaming;

namespace Rung.Gateway.Dispatch;

/// <summary>
/// Asks models on the product's own behalf, by the same policy and the same code as a client's call: pins are asserted on every hop, the governed fields are
/// rewritten, every attempt is priced, and each question becomes a call in the ledger. Safe to use from several threads.
/// </summary>
public sealed class ModelCaller : IDisposable
{
    /// <summary>Tokens of an answer where nothing caps it, for an estimate.</summary>
    public const int TypicalOutputTokens = 500;

    private const int MostAttempts = 16;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HourlyGuess = TimeSpan.FromSeconds(5);

    private readonly PolicyHolder _policies;
    private readonly ModelCallerOptions _options;
    private readonly UpstreamClient _client = new();
    private readonly DeadlineWatch _deadlines;
    private readonly GatewayTelemetry _telemetry = new();
    private readonly CommandRunner _commands;
    private readonly RungAttempts _rungs;
    private readonly Judge _judge;

    /// <summary>Makes one.</summary>
    /// <param name="policy">The policy that holds for every question.</param>
    /// <param name="options">What it may know of the world.</param>
    public ModelCaller(PolicySnapshot policy, ModelCallerOptions options)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var clock = options.Clock;
        _policies = new PolicyHolder(policy, options.ReadSecret, clock);
        _deadlines = new DeadlineWatch(clock);
        var dispatcher = new Dispatcher(_client, _deadlines, new StreamLengths(), _telemetry, clock, options.Log.CreateLogger<Dispatcher>());
        _commands = new CommandRunner(new CommandFence(FenceStrength.Alone), clock, options.Log.CreateLogger<CommandRunner>());
        _rungs = new RungAttempts(dispatcher, options.Chance, clock);
        _judge = new Judge(dispatcher, new Inquirer(
            new SampleTaker(dispatcher), new ModelVerifierAsker(dispatcher, clock), new HttpVerifierAsker(_client, _deadlines, _telemetry, clock), _commands, _telemetry));
    }

    /// <summary>Models whose key cannot be read: whatever asks them fails.</summary>
    public IReadOnlyList<string> ModelsWithoutKey => _policies.Status.ModelsWithoutKey;

    /// <summary>Makes the id of a call that begins now: for whoever must write it down before the question is sent.</summary>
    public static string NewCallId(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    /// <summary>Asks.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; what was used until then is in the ledger.</exception>
    /// <exception cref="ArgumentException">The policy has no such model.</exception>
    public async Task<OwnAnswer> AskAsync(OwnQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        cancellationToken.ThrowIfCancellationRequested();
        var policy = _policies.Current;
        if (OwnBody.Of(question.Request) is not { } bytes) return Refused(OwnStatus.DoesNotFit, "The request is no JSON object.");
        if (RequestScanner.TryScan(bytes.Span, out var scan) is { } fault) return Refused(OwnStatus.DoesNotFit, fault);
        using var body = RequestBody.Of(bytes.Span);
        var facts = Facts(question, scan, body.Length);

        // 1. Decide: pins first.
        var decision = Decider.Decide(policy.Snapshot, facts);
        if (question.AboutTag is { } about && about != question.Tag) decision = BoundToo(policy.Snapshot, decision, facts with { Tag = about });
        if (question.Model is { } name)
        {
            if (For(policy.Snapshot, ref decision, name, facts) is { } refusal) return refusal;
        }
        else if (decision.Status != DecisionStatus.Decided)
        {
            return Refused(decision.Status == DecisionStatus.PinUnsatisfied ? OwnStatus.Forbidden : OwnStatus.DoesNotFit, DecisionText.Refusal(policy.Snapshot, decision, facts));
        }
        decision = Patient(decision);

        // 2. Ask, and write it down whatever comes.
        var http = new DefaultHttpContext { RequestAborted = cancellationToken };
        var call = Begin(question, http, policy, decision, body, scan, facts);
        AttemptReply? reply = null;
        var message = ReadOnlyMemory<byte>.Empty;
        RungEnd end = default;
        try
        {
            end = question.Model is null ? await ByRouteAsync(call) : await PatientlyAsync(call, call.Rung, call.Decision.Candidates, AttemptKind.First);
            reply = end.Reply;
            if (reply is not null && end.IsAnswer)
            {
                message = OwnBody.FirstMessage(reply.Bytes);
                _rungs.Close(call, reply);
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            end = new(RungEnded.ClientGone, null);
        }
        finally
        {
            reply?.Dispose();
            await RecordAsync(call, end);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return Answer(call, end, message);
    }

    /// <summary>
    /// What a question would cost at most about now, in nano-USD: its bytes divided by 4 as input, and its output cap (or, where nothing caps it,
    /// <see cref="TypicalOutputTokens"/>) as output. Retries are not counted.
    /// </summary>
    /// <returns>Null when the price is unknown; 0 when nothing would be sent.</returns>
    /// <exception cref="ArgumentException">The policy has no such model.</exception>
    public long? Estimate(OwnQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var policy = _policies.Snapshot;
        if (OwnBody.Of(question.Request) is not { } bytes || RequestScanner.TryScan(bytes.Span, out var scan) is not null) return 0;
        var facts = Facts(question, scan, bytes.Length);
        var decision = Decider.Decide(policy, facts);
        if (question.AboutTag is { } about && about != question.Tag) decision = BoundToo(policy, decision, facts with { Tag = about });
        if (question.Model is { } name && For(policy, ref decision, name, facts) is not null) return 0;
        if (decision.Status != DecisionStatus.Decided) return 0;
        return Estimate(policy, decision, facts, _options.Clock.GetUtcNow());
    }

    /// <summary>What a call that has been decided would cost at most by its first attempt, as <see cref="Estimate(OwnQuestion)"/> reckons.</summary>
    internal static long? Estimate(PolicySnapshot policy, in Decision decision, in CallFacts facts, DateTimeOffset now)
    {
        var candidates = decision.Candidates;
        var model = policy.Models.Where(one => candidates.Contains(one.Index)).OrderBy(one => one.Priority).ThenBy(one => one.Index).First();
        if (model.Hourly is { } hourly) return Cost.OfTime(hourly.NanoUsdPerHour, hourly.Slots, (long)HourlyGuess.TotalMicroseconds);
        if (model.Price?.At(now) is not { } period) return null;
        var usage = new TokenUsage { Input = facts.EstimatedInputTokens, Output = OutputCap(decision.Route, model, facts), Source = UsageSource.Estimated };
        return Cost.OfTokens(usage, period, now);
    }

    /// <summary>Runs a command of the policy on a text, behind the same fence as the checks of calls.</summary>
    /// <returns>Whether it accepted the text and what it said if not; null when it could not be run.</returns>
    public async Task<(bool Accepted, string? Said)?> RunCommandAsync(AllowedCommand command, string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(text);
        var answer = new Answer { Content = System.Text.Encoding.UTF8.GetBytes(text), FinishReason = null, Refused = false, ToolCalls = [], DeclaredTools = [] };
        var finding = await _commands.RunAsync(command, answer, command.TimeLimit + TimeSpan.FromMinutes(1), cancellationToken);
        return finding.Score is { } score ? (score > 0, finding.Detail) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _deadlines.Dispose();
        _commands.Dispose();
        _telemetry.Dispose();
    }

    private static CallFacts Facts(OwnQuestion question, in ScannedRequest scan, int bytes) => new()
    {
        Tag = question.Tag,
        User = question.User ?? scan.FromMetadata.User,
        Tenant = question.Tenant ?? scan.FromMetadata.Tenant,
        Role = question.Role,
        // Either can bind, neither can free.
        DataClass = (question.DataClass, scan.FromMetadata.DataClass) switch
        {
            (null, var inBody) => inBody?.ToLowerInvariant(),
            (var given, null) => given.ToLowerInvariant(),
            var (given, inBody) => $"{given},{inBody}".ToLowerInvariant(),
        },
        Needs = scan.Needs,
        EstimatedInputTokens = bytes / 4,
        RequestedMaxTokens = scan.RequestedMaxTokens,
    };

    /// <summary>A question may carry content of another job: what that job's pins forbid stays forbidden.</summary>
    private static Decision BoundToo(PolicySnapshot policy, in Decision decision, in CallFacts about)
    {
        var other = Decider.Decide(policy, about);
        if (other.Pin < 0) return decision;
        var allowed = decision.Allowed & other.Allowed;
        var may = allowed & decision.Fitting;
        var bound = decision with { Allowed = allowed, Pin = decision.Pin < 0 ? other.Pin : decision.Pin, Candidates = decision.Candidates & allowed };
        if (!bound.Candidates.IsEmpty) return bound;
        foreach (var tier in policy.Ladder)
        {
            if (!(tier.Pool & may).IsEmpty) return bound with { Tier = tier, Candidates = tier.Pool & may, Moved = true };
        }
        return may.IsEmpty ? bound with { Status = DecisionStatus.PinUnsatisfied } : bound with { Candidates = may, Moved = true };
    }

    /// <summary>Narrows a decision to one model, without checks or escalation: what it says is what it says.</summary>
    /// <returns>Why nothing can be sent; null when it can.</returns>
    private static OwnAnswer? For(PolicySnapshot policy, ref Decision decision, string name, in CallFacts facts)
    {
        var model = policy.Models.FirstOrDefault(one => one.Name == name) ?? throw new ArgumentException($"The policy has no model {name}.", nameof(name));
        if (!decision.Allowed.Contains(model.Index))
            return Refused(OwnStatus.Forbidden, $"Pin '{policy.Pins[decision.Pin].Name}' keeps it away from {name}.");
        if (!decision.Fitting.Contains(model.Index)) return Refused(OwnStatus.DoesNotFit, $"{name} cannot take it (about {facts.EstimatedInputTokens:N0} input tokens; needs: {facts.Needs}).");
        decision = decision with
        {
            Status = DecisionStatus.Decided,
            Candidates = ModelSet.Empty.With(model.Index),
            Tier = policy.Ladder.FirstOrDefault(tier => tier.Pool.Contains(model.Index)) ?? decision.Tier,
            Route = decision.Route with { Checks = [], CheckTexts = [], Escalation = null },
        };
        return null;
    }

    private Decision Patient(in Decision decision)
    {
        var limits = decision.Route.Limits;
        var total = limits.Total > _options.Patience ? limits.Total : _options.Patience + limits.FirstByte;
        return decision with { Route = decision.Route with { Limits = limits with { Attempts = MostAttempts, Total = total } } };
    }

    private Call Begin(OwnQuestion question, HttpContext http, ActivePolicy policy, in Decision decision, RequestBody body, in ScannedRequest scan, in CallFacts facts)
    {
        var startedAt = _options.Clock.GetUtcNow();
        var span = _telemetry.StartCall(http);
        var record = new CallRecord
        {
            Id = question.CallId ?? NewCallId(startedAt),
            StartedAt = startedAt,
            Tag = question.BookedTag,
            Role = question.BookedRole,
            Session = question.Session,
            Arm = question.Arm,
            Route = decision.Route.Name,
            PolicyRevision = policy.Snapshot.Revision,
            PolicyHash = policy.Snapshot.Hash,
            Reason = question.Model is { } name ? $"{question.BookedRole} asked {name} for {question.Tag}" : DecisionText.Reason(policy.Snapshot, decision, facts),
        };
        _telemetry.Decided(span, policy.Snapshot, decision.Route, facts, record.Reason!, startedAt);
        return new Call(http, policy, decision, _options.Clock) { Record = record, Body = body, Scan = scan, Facts = facts, Span = span };
    }

    /// <summary>As a call of the route would be answered: checked, and climbed when a check fails or the rung is unavailable.</summary>
    private async Task<RungEnd> ByRouteAsync(Call call)
    {
        var (candidates, kind) = (call.Decision.Candidates, AttemptKind.First);
        while (true)
        {
            var end = await PatientlyAsync(call, call.Rung, candidates, kind);
            if (end.Ended is not (RungEnded.Answered or RungEnded.Unavailable)) return end;
            var causes = ClimbCause.Unavailable;
            if (end.IsAnswer)
            {
                causes = (await _judge.OfAsync(call, end.Reply!)).Causes;
                if (!AnswerTrial.Fails(call.Route, causes)) return end;
            }
            if (!Climbing.May(call, causes, out var tier, out candidates)) return end;
            if (end.Reply is { } left)
            {
                _rungs.Close(call, left);
                left.Dispose();
            }
            (call.Rung, kind) = (tier, AttemptKind.Escalation);
            call.Climbs++;
        }
    }

    /// <summary>Tries a rung, and tries it again while it is unavailable and there is patience left. What waiting cannot mend is not waited for.</summary>
    private async Task<RungEnd> PatientlyAsync(Call call, Tier tier, ModelSet candidates, AttemptKind kind)
    {
        var backoff = FirstWait;
        while (true)
        {
            var end = await _rungs.TryRungAsync(call, tier, candidates, kind);
            if (end.Ended != RungEnded.Unavailable || !IsWorthWaiting(call, candidates, end)) return end;
            var wait = end.RetryAfter is { } asked && asked > backoff ? asked : backoff;
            wait += wait * _options.Chance() / 4;
            if (call.Elapsed + wait > _options.Patience || call.Record.Attempts.Count >= MostAttempts) return end;
            end.Reply?.Dispose();
            await Task.Delay(wait, _options.Clock, call.Http.RequestAborted);
            (backoff, kind) = (backoff * 2, AttemptKind.Retry);
        }
    }

    private static bool IsWorthWaiting(Call call, ModelSet candidates, in RungEnd end)
    {
        if (end.Reply?.Record.HttpStatus is 401 or 402 or 403 or 404) return false;
        foreach (var index in candidates)
        {
            if (!call.Policy.Upstreams[index].MissingKey) return true;
        }
        return false;
    }

    private async Task RecordAsync(Call call, RungEnd end)
    {
        var record = call.Record;
        var served = end.IsAnswer ? end.Reply!.Record : null;
        record.Status = end.Ended switch
        {
            RungEnded.ClientGone => CallStatus.ClientGone,
            _ when served is null => CallStatus.Failed,
            _ => served.Outcome == AttemptOutcome.CheckFailed ? CallStatus.AnsweredUnverified : CallStatus.Answered,
        };
        record.HttpStatus = record.Status == CallStatus.ClientGone ? 499 : served?.HttpStatus ?? 500;
        Bookkeeper.Close(record, call.Snapshot, served);
        record.LatencyMicros = call.ElapsedMicros;
        _telemetry.CallEnded(call.Span, record);
        await _options.Append([record], CancellationToken.None); // Paid is paid: it is booked even when whoever asked has been told to stop.
    }

    private static OwnAnswer Answer(Call call, in RungEnd end, ReadOnlyMemory<byte> message)
    {
        var attempts = call.Record.Attempts;
        var last = end.Reply?.Record ?? attempts.LastOrDefault();
        if (end.IsAnswer && !message.IsEmpty) return new OwnAnswer { Status = OwnStatus.Answered, Message = message, Call = call.Record, Attempt = last };
        var why = end.IsAnswer ? "The reply holds no message."
            : last is null ? Untried(call)
            : $"{last.Model}: {last.Error ?? "it gave no answer"} ({attempts.Count} {(attempts.Count == 1 ? "attempt" : "attempts")})";
        return new OwnAnswer { Status = OwnStatus.Failed, Call = call.Record, Attempt = last, Why = why };
    }

    private static string Untried(Call call)
    {
        foreach (var index in call.Decision.Candidates)
        {
            var upstream = call.Policy.Upstreams[index];
            return upstream.MissingKey ? $"{upstream.Model.Name} has no key" : $"{upstream.Model.Name} failed repeatedly, or asked to be left alone";
        }
        return "no model could be tried";
    }

    private static int OutputCap(Route route, Model model, in CallFacts facts)
    {
        var cap = int.MaxValue;
        foreach (var limit in (ReadOnlySpan<int>)[facts.RequestedMaxTokens, route.MaxTokens])
        {
            if (limit > 0 && limit < cap) cap = limit;
        }
        if (cap == int.MaxValue) cap = TypicalOutputTokens;
        return model.MaxOutput > 0 && model.MaxOutput < cap ? model.MaxOutput : cap;
    }

    private static OwnAnswer Refused(OwnStatus status, string why) => new() { Status = status, Why = why };
}
