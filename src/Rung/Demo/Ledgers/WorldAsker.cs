using System.Globalization;
using System.Text.Json;
using Rung.Control.Evals.Asking;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Evals;
using Rung.Storage;

namespace Rung.Demo.Ledgers;

/// <summary>Stands in for the gateway's client in evals of the made-up past: simulated models answer, real prices hold, every question is a call of the ledger.</summary>
internal sealed class WorldAsker(Ledger ledger, PolicySnapshot policy, TimeProvider clock, long seed) : IModelAsker
{
    private const int CharactersPerToken = 4;
    private int _number;

    /// <inheritdoc/>
    public async Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var route = policy.Tags.GetValueOrDefault(question.Tag) ?? policy.Default;
        var model = question.Model is { } name ? policy.Models.First(known => known.Name == name) : policy.Models.First(known => route.Tier.Pool.Contains(known.Index));
        var tier = policy.Ladder.FirstOrDefault(rung => rung.Pool.Contains(model.Index)) ?? route.Tier;
        var (instruction, prompt) = Read(question.Request);
        var text = DemoSessions.JobOf(instruction) is { } job ? Answered(job, prompt, model, tier) : Judged(prompt, model);
        var usage = new TokenUsage { Input = question.Request.Length / CharactersPerToken, Output = Math.Max(1, text.Length / CharactersPerToken), Source = UsageSource.Provider };
        var call = Record(question, model, tier, usage);
        await ledger.AppendAsync([call], cancellationToken);
        return new ModelAnswer
        {
            Status = AskStatus.Answered, Message = WorldTexts.Message(text), FinishReason = "stop", Model = model.Name, UpstreamModel = model.UpstreamId, CostNanoUsd = call.CostNanoUsd,
            UnknownPriceAttempts = call.UnknownPriceAttempts, BaselineNanoUsd = call.BaselineNanoUsd, Usage = usage, LatencyMicros = call.LatencyMicros, Attempts = 1, CallId = call.Id,
        };
    }

    /// <inheritdoc/>
    public long? Estimate(ModelQuestion question) => 0;

    private string Answered(DemoJob job, string prompt, Model model, Tier tier)
    {
        var chance = new DemoChance(seed, $"{model.Name}\n{prompt}");
        var wrong = tier.Index switch { 0 => 0.008, 1 => 0.005, _ => 0.004 } * (job.Tag == "draft-reply" ? 4 : 1);
        return WorldTexts.Answer(new DemoStep(job, 0, prompt), chance.Happens(wrong) ? WorldAnswer.Wrong : WorldAnswer.Right);
    }

    /// <summary>A verdict: right about most answers, as judges are.</summary>
    private string Judged(string material, Model model)
    {
        var chance = new DemoChance(seed, $"{model.Name} judges\n{material}");
        var isGood = WorldTexts.IsUseless(material) == chance.Happens(0.06);
        var score = isGood ? chance.Happens(0.7) ? 1 : 0.75 : chance.Happens(0.6) ? 0 : 0.25;
        return JsonSerializer.Serialize(new { reason = isGood ? "Answers the customer and names what happens next." : "Says nothing that the customer can use.", score });
    }

    private CallRecord Record(ModelQuestion question, Model model, Tier tier, TokenUsage usage)
    {
        var at = clock.GetUtcNow().AddMilliseconds(400 * ++_number);
        var isJudge = question.Purpose == AskPurpose.Judge;
        var latency = (long)(usage.Output * 9_000) + 400_000;
        var cost = model.Price?.At(at) is { } period ? Cost.OfTokens(usage, period, at) : (long?)null;
        return new CallRecord
        {
            Id = question.CallId ?? Guid.CreateVersion7(at).ToString("N"), StartedAt = at, Tag = isJudge ? question.Tag : GatewayAsker.BookedTag(question.Tag), Role = isJudge ? "judge" : "eval", Session = question.Session,
            Route = policy.Tags.ContainsKey(question.Tag) ? question.Tag : policy.Default.Name, PolicyRevision = policy.Revision, PolicyHash = policy.Hash, Status = CallStatus.Answered, HttpStatus = 200,
            LatencyMicros = latency, Tier = tier.Name, Model = model.Name, CostNanoUsd = cost ?? 0, UnknownPriceAttempts = cost is null ? 1 : 0,
            BaselineNanoUsd = policy.BaselineModel.Price?.At(at) is { } baseline ? Cost.OfTokens(usage, baseline, at) : null, BaselineModel = policy.BaselineModel.Name,
            Reason = string.Create(CultureInfo.InvariantCulture, $"{(isJudge ? "judge" : "eval")} asked {model.Name} for {question.Tag}"),
            Attempts =
            [
                new AttemptRecord
                {
                    Ordinal = 0, Kind = AttemptKind.First, Model = model.Name, Provider = model.Provider, Tier = tier.Name, Propensity = 1, StartedAt = at, Outcome = AttemptOutcome.Completed, HttpStatus = 200,
                    LatencyMicros = latency, Usage = usage, CostNanoUsd = cost, UpstreamModel = model.UpstreamId, FinishReason = "stop",
                },
            ],
        };
    }

    private static (string Instruction, string Prompt) Read(ReadOnlyMemory<byte> request)
    {
        using var document = JsonDocument.Parse(request);
        var (instruction, prompt) = ("", "");
        foreach (var message in document.RootElement.GetProperty("messages").EnumerateArray())
        {
            var content = message.GetProperty("content").GetString() ?? "";
            if (message.GetProperty("role").ValueEquals("system")) instruction = content;
            else prompt = content;
        }
        return (instruction, prompt);
    }
}
