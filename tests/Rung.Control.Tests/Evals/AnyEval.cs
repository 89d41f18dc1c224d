using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Rung.Control.Evals.Asking;
using Rung.Control.Evals.Scoring;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals;

/// <summary>Rows, answers, policies and judges for tests.</summary>
internal static class AnyEval
{
    private const string Models = """
        version: 1
        tiers:
          small: { models: [haiku] }
          frontier: { models: [opus] }
        models:
          haiku: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: claude-haiku-4-5, price: { input: 1, output: 5 } }
          opus: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: gpt-5, price: { input: 5, output: 25 } CAPABILITIES }

        """;

    public static PolicySnapshot Policy(string rest, bool judgeTakesSchema = false)
    {
        var yaml = Models.Replace("CAPABILITIES", judgeTakesSchema ? ", can: [json_schema]" : ", can: []", StringComparison.Ordinal) + rest;
        var compiled = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        Assert.True(compiled.Snapshot is not null, string.Join('\n', compiled.Faults.Select(fault => fault.ToString())));
        return compiled.Snapshot!;
    }

    public static EvalRow Row(string? reference, string prompt = "What is the capital of France?", ReferenceSource source = ReferenceSource.Model, int number = 1) => new()
    {
        Id = $"r-{number:x16}", Position = number, Part = EvalPart.Test, Origin = "test", ReferenceSource = source, DataClass = "internal", User = "u-1",
        Request = JsonSerializer.SerializeToUtf8Bytes(new { messages = new[] { new { role = "system", content = "Be short." }, new { role = "user", content = prompt } } }),
        Reference = reference is null ? default : Message(reference),
    };

    public static byte[] Message(string content) => JsonSerializer.SerializeToUtf8Bytes(new { role = "assistant", content });

    public static ModelAnswer Answered(string content, string finish = "stop") => new() { Status = AskStatus.Answered, Message = Message(content), FinishReason = finish, Model = "haiku" };

    public static ScoringCase Case(string answer, string? reference, string candidate = "haiku", ReferenceSource source = ReferenceSource.Model) => new(Row(reference, source: source), candidate, Answered(answer));

    public static ScoringWorld World(IModelAsker asker) => new() { Asker = asker, Seed = 7 };

    public static string Text(ModelQuestion question) => Encoding.UTF8.GetString(question.Request.Span);
}

/// <summary>A judge that says what a test tells it to. Counts what it is asked.</summary>
internal sealed class ScriptedJudge(Func<ModelQuestion, string?> say) : IModelAsker
{
    private readonly ConcurrentQueue<ModelQuestion> asked = [];

    public IReadOnlyCollection<ModelQuestion> Asked => asked;

    public string? Version { get; set; } = "judge-2026-11-01";

    public Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
    {
        asked.Enqueue(question);
        return Task.FromResult(say(question) is { } text
            ? AnyEval.Answered(text) with { Model = "opus", UpstreamModel = Version, CostNanoUsd = 1_000, CallId = $"c-{asked.Count}" }
            : new ModelAnswer { Status = AskStatus.Forbidden, Why = "A pin keeps it away." });
    }

    public long? Estimate(ModelQuestion question) => 1_000;
}
