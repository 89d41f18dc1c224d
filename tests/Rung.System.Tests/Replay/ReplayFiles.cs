using System.CommandLine;
using System.Text.Json;
using Rung.Commands.Replay;
using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Tests.Replay;

/// <summary>A folder with a recording and policies that a test writes for itself, gone when the test ends.</summary>
internal sealed class ReplayFiles : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-replay-");

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);

    public string Write(string name, params IEnumerable<string> lines)
    {
        var path = System.IO.Path.Combine(folder.FullName, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    /// <summary>A recording that kept grades and tokens and no answers: small is right on two of three, large on nine of ten. Every fourth prompt resembles the one before.</summary>
    public string Grades(int count) => Write("outcomes.jsonl", Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new
    {
        id = $"q{i}", source = i % 2 == 0 ? "sums" : "words", split_hint = $"g:{i - (i % 4 == 3 ? 1 : 0)}", prompt = $"Question {i}?", gold = "B",
        models = new Dictionary<string, object>
        {
            ["small"] = new { correct = i % 3 == 0 ? 0 : 1, prompt_tokens = 100 + i, completion_tokens = 10 },
            ["large"] = new { correct = i % 10 == 5 ? 0 : 1, prompt_tokens = 100 + i, completion_tokens = 20 },
        },
    })));

    /// <summary>Two rungs at round prices: small costs $1 and $2 a million tokens, large $10 and $30.</summary>
    public static string Policy(string tags, string fallback = "small", string url = "http://127.0.0.1:1/") => $$"""
        version: 1
        tiers:
          low: { models: [small] }
          high: { models: [large] }
        models:
          small: { provider: openai-compatible, url: "{{url}}v1", id: small, price: { input: 1, output: 2 } }
          large: { provider: openai-compatible, url: "{{url}}v1", id: large, price: { input: 10, output: 30 } }
        tags:
        {{tags}}
        default: { tier: {{(fallback == "small" ? "low" : "high")}} }
        """;

    public static string Tag(string name, string tier, string rest = "") => $"  {name}: {{ tier: {tier}{rest} }}";

    public static PolicySnapshot Compile(string text)
    {
        var compiled = PolicyCompiler.Compile(new PolicySource("policy.yaml", text, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        return compiled.Snapshot ?? throw new InvalidOperationException(string.Join("\n", compiled.Faults));
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await ReplayCommand.Create(new StoppedClock()).Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Always the same instant: what is printed must not change with the day.</summary>
    internal sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    }
}
