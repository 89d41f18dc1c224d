using System.Text;

namespace Rung.Core.Tests.Policies;

public class PolicyFaultTests
{
    [Fact]
    public void Every_fault_is_reported_at_once_with_its_place()
    {
        var faults = SomePolicy.Compile("""
            version: 2
            tiers:
              small: { models: [a, missing] }
            models:
              a: { provider: opnai, id: x, wieght: 2 }
            tags:
              t: { tier: smal, max_tokens: many }
            default: { tier: small }
            """).Faults;

        Assert.Equal(
            [
                (1, 10, "version"),
                (3, 24, "tiers.small.models[1]"),
                (5, 18, "models.a.provider"),
                (5, 32, "models.a.wieght"),
                (7, 14, "tags.t.tier"),
                (7, 32, "tags.t.max_tokens"),
            ],
            faults.Select(fault => (fault.Line, fault.Column, fault.Path)));
        Assert.All(faults, fault => Assert.Equal("rung.yaml", fault.File));
        Assert.All(faults, fault => Assert.NotEmpty(fault.Fix));
    }

    [Theory]
    [InlineData("tags: { t: { teir: only } }", "tags.t.teir", "Did you mean \"tier\"?")]
    [InlineData("tags: { t: { tier: olny } }", "tags.t.tier", "Did you mean \"only\"?")]
    [InlineData("tags: { t: { tier: only, zzzzzz: 1 } }", "tags.t.zzzzzz", "Known keys: role, tier, owner")]
    [InlineData("tags: { t: { tier: only, role: planer } }", "tags.t.role", "There are no roles yet")]
    [InlineData("tags: { t: { tier: only, floor: { verdict: jugde, at_least: 0.9 } } }", "tags.t.floor.verdict", "Did you mean \"judge\"?")]
    [InlineData("pins: [ { when: { tag: t }, models: [oen] } ]", "pins[0].models[0]", "Did you mean \"one\"?")]
    [InlineData("tags: { t: { tier: only, escalate: { to: onyl } } }", "tags.t.escalate.to", "Did you mean \"only\"?")]
    public void An_unknown_word_suggests_the_one_that_was_meant(string yaml, string path, string fix)
    {
        var fault = SomePolicy.Compile($"{SomePolicy.Minimal}\n{yaml}").Faults.First(candidate => candidate.Path == path);

        Assert.Contains(fix, fault.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tags: [a]", "\"tags\" is a list, but")]
    [InlineData("tags: { t: { tier: only, max_tokens: \"64\" } }", "\"max_tokens\" is \"64\", but a whole number from 1")]
    [InlineData("tags: { t: { tier: only, user_visible: yes } }", "\"user_visible\" is \"yes\", but true or false is wanted.")]
    [InlineData("tags: { t: { tier: only, checks: regex } }", "\"checks\" is \"regex\", but a list is wanted.")]
    [InlineData("tags: { t: { tier: only, temperature: { max: 2.5 } } }", "2.5 is out of range.")]
    [InlineData("tags: { t: { tier: only, ceiling: { usd_per_call: 0.0000000001 } } }", "more than 9 decimals")]
    [InlineData("tags: { t: { tier: only, ceiling: {} } }", "At least one key is wanted here")]
    [InlineData("tags: { t: }", "\"t\" is empty.")]
    [InlineData("tags: { T: { tier: only } }", "\"T\" is not a tag name.")]
    [InlineData("tags: { t: { owner: me } }", "The tag has no tier")]
    [InlineData("tags: { default: { tier: only } }", "is the name of the route of everything else")]
    [InlineData("roles: { r: { owner: me } }", "\"tier\" is missing.")]
    [InlineData("tags: { t: { tier: only, tier: only } }", "The key \"tier\" is already set on line")]
    [InlineData("tags: { t: { tier: only, checks: [ { json: true, regex: x } ] } }", "Exactly one key is wanted here, but there are 2.")]
    [InlineData("tags: { t: { tier: only, checks: [ { regex: \"(\" } ] } }", "")]
    [InlineData("tags: { t: { tier: only, checks: [ { schema: none.json } ] } }", "The file \"none.json\" was not found.")]
    [InlineData("tags: { t: { tier: only, checks: [ { schema: ../up.json } ] } }", "must lie in the folder of the policy")]
    [InlineData("tags: { t: { tier: only, checks: [ { schema: schemas/broken.json } ] } }", "cannot be used")]
    [InlineData("tags: { t: { tier: only, checks: [ { allowed: [] } ] } }", "The list is empty.")]
    [InlineData("tags: { t: { tier: only, limits: { total_seconds: 601 } } }", "601 is more than the policy's 600")]
    [InlineData("tags: { t: { tier: only, why: \"${OWNER}\" } }", "Variables are not replaced here")]
    [InlineData("pins: [ { when: {}, models: [one] } ]", "At least one key is wanted here")]
    [InlineData("pins: [ { when: { tag: t }, models: [] } ]", "The list is empty.")]
    [InlineData("pins: [ { when: { tag: t }, models: [one] }, { name: pin 1, when: { tag: u }, models: [one] } ]", "A second pin is called")]
    [InlineData("tags: { t: { <<: {}, tier: only } }", "Merge keys")]
    [InlineData("limits: { attempts: 17 }", "17 is out of range.")]
    public void A_wrong_value_is_one_fault_that_says_what_is_wanted(string yaml, string message)
    {
        var fault = SomePolicy.Fault($"{SomePolicy.Minimal}\n{yaml}");

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(7, fault.Line);
    }

    [Theory]
    [InlineData("url: ftp://host/v1, id: m", "not an absolute http or https address")]
    [InlineData("url: \"https://user:hunter2@host/v1\", id: m", "carries a user name")]
    [InlineData("url: \"https://host/v1?api-key=hunter2\", id: m", "carries a query")]
    [InlineData("url: \"https://host/v1/chat/completions\", id: m", "which Rung adds itself")]
    [InlineData("id: m", "\"url\" is missing")]
    [InlineData("url: \"https://host/v1\", id: m, key: hunter2-hunter2", "must never stand in a policy")]
    [InlineData("url: \"https://host/v1\", id: m, key: { env: \"hunter2-hunter2\" }", "(not shown here)")]
    [InlineData("url: \"https://host/v1\", id: m, key: { env: [hunter2] }", "is a list, but text is wanted")]
    [InlineData("url: \"https://host/v1\", id: m, key: { env: \"${hunter2}\" }", "Variables are not replaced here")]
    [InlineData("url: \"https://host/v1\", id: m, key: { env: A, file: /hunter2 }", "Exactly one key is wanted here")]
    [InlineData("url: \"https://host/v1\", id: m, key_header: api-key", "there is no key")]
    [InlineData("url: \"https://host/v1\", id: m, price: { input: 1.0000001, output: 1 }", "more than 6 decimals")]
    [InlineData("url: \"https://host/v1\", id: m, price: { input: 1, output: 1 }, cost: { usd_per_hour: 1, slots: 1 }", "not both")]
    [InlineData("url: \"https://host/v1\", id: m, can: [tools, fly]", "\"fly\" is not allowed here.")]
    [InlineData("url: \"https://host/v1\", id: m, price: { input: 1, output: 1, tiers: [ { above_input: 9, input: 1, output: 1 }, { above_input: 9, input: 1, output: 1 } ] }", "must rise")]
    public void A_fault_of_a_model_never_echoes_what_may_be_a_secret(string model, string message)
    {
        var fault = SomePolicy.Fault($$"""
            version: 1
            tiers: { only: { models: [one] } }
            models:
              one: { provider: openai-compatible, {{model}} }
            default: { tier: only }
            """);

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(4, fault.Line);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("version: [1")]
    [InlineData("version: 1\n\tname: x")]
    [InlineData("a: *nowhere")]
    [InlineData("a: &a [*a]")]
    [InlineData("just text")]
    [InlineData("[1, 2]")]
    [InlineData("--- 1\n--- 2")]
    [InlineData("? [a]\n: b")]
    public void A_text_that_is_no_policy_is_a_fault_with_a_place(string yaml)
    {
        var compilation = SomePolicy.Compile(yaml);

        Assert.Null(compilation.Snapshot);
        Assert.NotEmpty(compilation.Faults);
        Assert.All(compilation.Faults, fault => Assert.True(fault.Line >= 1 && fault.Column >= 1));
        Assert.Empty(compilation.Lints);
    }

    [Fact]
    public void Nested_aliases_are_refused_before_they_are_walked()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 20; i++) bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");

        Assert.Contains("once its aliases are expanded", SomePolicy.Fault(bomb.ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_and_long_texts_are_refused()
    {
        Assert.Contains("nested deeper", SomePolicy.Fault(new string('[', 5000)).Message, StringComparison.Ordinal);
        Assert.Contains("bytes", SomePolicy.Fault("# " + new string('x', 1024 * 1024)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anchors_share_settings_between_models()
    {
        var snapshot = SomePolicy.Snapshot("""
            version: 1
            tiers: { only: { models: [one, two] } }
            models:
              one: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: a, price: &p { input: 1, output: 2 } }
              two: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: b, price: *p }
            default: { tier: only }
            """);

        Assert.Equal(2_000_000, snapshot.Models[1].Price!.Periods[0].Rates.Output);
    }

    [Fact]
    public void More_models_or_tiers_than_allowed_are_a_fault()
    {
        var models = string.Join("\n", Enumerable.Range(0, 129).Select(i => $"  m{i}: {{ provider: ollama, id: x }}"));
        var tiers = string.Join("\n", Enumerable.Range(0, 17).Select(i => $"  t{i}: {{ models: [m0] }}"));

        var faults = SomePolicy.Compile($"version: 1\ntiers:\n{tiers}\nmodels:\n{models}\ndefault: {{ tier: t0 }}\n").Faults;

        Assert.Equal(["tiers", "models"], faults.Select(fault => fault.Path));
    }

    [Fact]
    public void Files_that_a_policy_names_are_listed()
    {
        Assert.Equal("schemas/intent.json", Assert.Single(SomePolicy.Compile(SomePolicy.Full).Files));
    }
}
