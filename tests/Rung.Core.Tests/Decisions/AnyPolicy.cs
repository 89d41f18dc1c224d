using System.Text;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Tests.Policies;

namespace Rung.Core.Tests.Decisions;

/// <summary>Policies and calls drawn from a seed: small enough to read when a law breaks, wide enough to break one.</summary>
internal sealed class AnyPolicy(int seed)
{
    private static readonly string[] Names = ["a", "b", "c", "d"];
    private static readonly string[] Abilities = ["tools", "vision", "json_schema", "audio", "files", "logprobs"];
    private readonly Random random = new(seed);

    public PolicySnapshot Next()
    {
        var models = random.Next(1, 9);
        var tiers = random.Next(1, 5);
        var yaml = new StringBuilder("version: 1\ntiers:\n");
        for (var t = 0; t < tiers; t++) yaml.Append($"  t{t}: {{ models: [{Some(models, atLeast: 1)}] }}\n");
        yaml.Append("models:\n");
        for (var m = 0; m < models; m++)
        {
            yaml.Append($"  m{m}: {{ provider: openai-compatible, url: \"http://127.0.0.1:1/v1\", id: m{m}, can: [{string.Join(", ", Abilities.Where(_ => random.Next(3) > 0))}]");
            if (random.Next(2) == 0) yaml.Append($", context: {random.Next(1, 40) * 100}");
            if (random.Next(3) == 0) yaml.Append($", max_output: {random.Next(1, 20) * 100}");
            yaml.Append(" }\n");
        }
        Routes(yaml, "roles", tiers);
        Routes(yaml, "tags", tiers);
        yaml.Append($"default: {{ tier: t{random.Next(tiers)} }}\n");
        var pins = random.Next(0, 4);
        if (pins > 0) yaml.Append("pins:\n");
        for (var p = 0; p < pins; p++)
        {
            string[] kinds = ["data_class", "tag", "role", "tenant", "user"];
            var when = kinds.Where(_ => random.Next(4) == 0).DefaultIfEmpty("data_class").Select(kind => $"{kind}: {Pick(Names)}");
            yaml.Append($"  - {{ when: {{ {string.Join(", ", when)} }}, models: [{Some(models, atLeast: 1)}] }}\n");
        }
        return SomePolicy.Snapshot(yaml.ToString());
    }

    public CallFacts NextFacts() => new()
    {
        Tag = Maybe(), Role = Maybe(), Tenant = Maybe(), User = Maybe(), DataClass = random.Next(4) == 0 ? $"{Pick(Names)}, {Pick(Names)}" : Maybe(),
        Needs = random.Next(3) == 0 ? (ModelNeeds)random.Next(64) : ModelNeeds.None,
        EstimatedInputTokens = random.Next(4000), RequestedMaxTokens = random.Next(3) == 0 ? random.Next(3000) : 0,
    };

    private void Routes(StringBuilder yaml, string what, int tiers)
    {
        var names = Names.Where(_ => random.Next(2) == 0).ToList();
        if (names.Count > 0) yaml.Append(what).Append(":\n");
        foreach (var name in names)
        {
            var tier = random.Next(tiers);
            yaml.Append($"  {name}: {{ tier: t{tier}");
            if (random.Next(3) == 0) yaml.Append($", data_class: {Pick(Names)}");
            if (tier + 1 < tiers && random.Next(2) == 0) yaml.Append($", checks: [json], escalate: {{ to: t{random.Next(tier + 1, tiers)} }}");
            yaml.Append(" }\n");
        }
    }

    private string Some(int models, int atLeast) =>
        string.Join(", ", Enumerable.Range(0, models).OrderBy(_ => random.Next()).Take(random.Next(atLeast, models + 1)).Select(m => $"m{m}"));

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private string? Maybe() => random.Next(2) == 0 ? Pick(Names) : null;
}
