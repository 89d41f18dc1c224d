using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Eval;
using Rung.Commands.Policy;
using Rung.Core.Statistics;
using Rung.Gateway.Tests.Support;
using Rung.Storage.Content;

namespace Rung.Tests.Evals;

/// <summary>
/// A folder with a policy, a data directory with an eval set, and an upstream with three made-up models: <c>frontier</c> and <c>haiku</c> nearly always right,
/// <c>nano</c> wrong on every eighth question, <c>local</c> on every twenty-fifth.
/// </summary>
internal sealed class EvalFolder : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-eval-");

    private EvalFolder(FakeUpstream upstream) => Upstream = upstream;

    public FakeUpstream Upstream { get; }

    /// <summary>How often each model was asked each question, by the upstream's own count.</summary>
    public ConcurrentDictionary<(string Model, int Question), int> Asked { get; } = new();

    /// <summary>Called with the number of requests so far; while it returns a task, the answer waits for it.</summary>
    public Func<int, Task>? OnRequest { get; set; }

    public string Policy => Path.Combine(_folder.FullName, "rung.yaml");

    public string Data => Path.Combine(_folder.FullName, "data");

    public static async Task<EvalFolder> StartAsync(int rows, string tag = "tier: frontier")
    {
        EvalFolder? folder = null;
        var requests = 0;
        var upstream = await FakeUpstream.StartAsync(async (http, body) =>
        {
            using var document = JsonDocument.Parse(body);
            var (model, question) = Read(document.RootElement);
            folder!.Asked.AddOrUpdate((model, question), 1, (_, count) => count + 1);
            if (folder.OnRequest is { } hook) await hook(Interlocked.Increment(ref requests));
            await Does.Answer(Right(model, question) ? $"{question}" : "none", input: 100, output: 10, model: $"{model}-2026-10")(http, body);
        });
        folder = new EvalFolder(upstream);
        await File.WriteAllTextAsync(folder.Policy, PolicyText(upstream.Url, tag));
        await AddSetAsync(folder.Data, rows);
        return folder;
    }

    public static string PolicyText(string url, string tag) => $$"""
        version: 1
        tiers: { tiny: { models: [nano] }, own: { models: [local] }, small: { models: [haiku] }, frontier: { models: [opus] } }
        models:
          nano: { provider: openai-compatible, url: "{{url}}", id: nano, price: { input: 0.1, output: 0.4 } }
          local: { provider: openai-compatible, url: "{{url}}", id: local, price: { input: 0.2, output: 0.4 } }
          haiku: { provider: openai-compatible, url: "{{url}}", id: haiku, price: { input: 1, output: 5 } }
          opus: { provider: openai-compatible, url: "{{url}}", id: opus, price: { input: 10, output: 50 } }
        tags:
          count:   # the job of these tests
            {{tag}}
            owner: team-a
            why: "Counting."
            checks: [ { regex: '^\d+$' } ]
            escalate: { to: frontier }
            eval: { score: exact, margin: 0.05 }
        default: { tier: frontier, owner: team-a, why: "Not understood yet." }

        """;

    /// <summary>A set of the same rows in any store: the same hash.</summary>
    public static async Task AddSetAsync(string data, int rows)
    {
        await using var store = ContentStore.Open(data, key: null, TimeProvider.System);
        var profile = new InputProfileBuilder();
        for (var i = 0; i < rows; i++) profile.Add($"Question {i}?", 0);
        await store.AddEvalSetAsync(new EvalSetDraft
        {
            Name = "count-set", Tag = "count", MadeBy = "a test", Simulated = true, Profile = profile.Build().ToJson(),
            Rows = [.. Enumerable.Range(0, rows).Select(i => new EvalRow
            {
                Id = $"r-{i:x16}", Position = i, Part = EvalPart.Test, Origin = $"made up {i}", ReferenceSource = ReferenceSource.Given,
                Request = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"Question {{i}}?"}]}"""),
                Reference = Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"{{i}}"}"""),
            })],
        }, CancellationToken.None);
    }

    /// <summary>Runs <c>rung</c> in this process.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (text, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { EvalCommand.Create(TimeProvider.System), PolicyCommand.Create(TimeProvider.System, terminal: null), ReportCommand.Create() };
        var code = await CommandLine.RunAsync(root, args, new InvocationConfiguration { Output = text, Error = error });
        return (code, text.ToString(), error.ToString());
    }

    /// <summary>The usual run of this folder.</summary>
    public string[] Run(params string[] more) => ["eval", "run", "--set", "count-set", "--policy", Policy, "--data", Data, .. more];

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static (string Model, int Question) Read(JsonElement request) =>
        (request.GetProperty("model").GetString()!, int.Parse(request.GetProperty("messages")[0].GetProperty("content").GetString()!["Question ".Length..^1], CultureInfo.InvariantCulture));

    private static bool Right(string model, int question) => model switch
    {
        "nano" => question % 8 != 0,
        "local" => question % 25 != 0,
        _ => question % 200 != 7,
    };
}
