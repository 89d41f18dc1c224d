using Rung.Core.Checks;
using Rung.Core.Policies;

namespace Rung.Core.Tests.Policies;

public class VerifierFaultTests
{
    [Theory]
    [InlineData("verifiers: { v: {} }", "verifiers.v", "The verifier has no kind.")]
    [InlineData("verifiers: { v: { limit_seconds: 3 } }", "verifiers.v", "The verifier has no kind.")]
    [InlineData("verifiers: { v: { trained: a.json, llm: { model: one, rubric: r } } }", "verifiers.v", "more than one kind")]
    [InlineData("verifiers: { v: { trained: none.json } }", "verifiers.v.trained", "was not found")]
    [InlineData("verifiers: { v: { trained: /etc/passwd } }", "verifiers.v.trained", "must lie in the folder of the policy")]
    [InlineData("verifiers: { v: { trained: schemas/intent.json } }", "verifiers.v.trained", "cannot be used")]
    [InlineData("verifiers: { v: { llm: { model: oen, rubric: r } } }", "verifiers.v.llm.model", "There is no model \"oen\".")]
    [InlineData("verifiers: { v: { llm: { rubric: r } } }", "verifiers.v.llm.model", "\"model\" is missing.")]
    [InlineData("verifiers: { v: { http: { url: \"ftp://x\", body: '\"{answer}\"' } } }", "verifiers.v.http.url", "not an absolute http or https address")]
    [InlineData("verifiers: { v: { http: { url: \"http://u:p@x/\", body: '\"{answer}\"' } } }", "verifiers.v.http.url", "user name or password")]
    [InlineData("verifiers: { v: { http: { url: \"http://x/p\", body: '{answer}' } } }", "verifiers.v.http.body", "The body is not JSON")]
    [InlineData("verifiers: { v: { http: { url: \"http://x/p\", body: '\"{prompt}\"' } } }", "verifiers.v.http.body", "does not hold the answer")]
    [InlineData("verifiers: { v: { http: { url: \"http://x/p\", body: '\"{answer}\"', score: $.score } } }", "verifiers.v.http.score", "no JSON pointer")]
    [InlineData("verifiers: { v: { http: { url: \"http://x/p\", body: '\"{answer}\"', key: sk-123 } } }", "verifiers.v.http.key", "A key must never stand in a policy")]
    [InlineData("commands: { c: { run: [python3, \"{file}\"] } }", "commands.c.run[0]", "not an absolute path")]
    [InlineData("commands: { c: { run: [\"{file}\"], stdin: true } }", "commands.c.run[0]", "not an absolute path")]
    [InlineData("commands: { c: { run: [/usr/../bin/x, \"{file}\"] } }", "commands.c.run[0]", "without \"..\"")]
    [InlineData("commands: { c: { run: [/bin/cat] } }", "commands.c.run", "never sees the answer")]
    [InlineData("commands: { c: { run: [/bin/cat, \"{file}\", \"{answer}\"] } }", "commands.c.run[2]", "replaced by nothing")]
    [InlineData("commands: { c: { run: [/bin/cat, \"{file}\"], file: ../x } }", "commands.c.file", "is not a plain file name")]
    [InlineData("commands: { c: { run: [/bin/cat, \"{file}\"], memory_mb: 1 } }", "commands.c.memory_mb", "out of range")]
    [InlineData("tags: { t: { tier: only, stream: hodl } }", "tags.t.stream", "is not allowed here")]
    [InlineData("tags: { t: { tier: only, stream: { hold_until: end } } }", "tags.t.stream.hold_until", "is not allowed here")]
    [InlineData("tags: { t: { tier: only, checks: [ { command: c } ] } }", "tags.t.checks[0].command", "There is no command \"c\".")]
    [InlineData("tags: { t: { tier: only, checks: [ { all: [ json, { not: { verifier: { use: v, at_least: 0.5 } } } ] } ] } }", "tags.t.checks[0].all[1].not.verifier.use", "There is no verifier \"v\".")]
    [InlineData("tags: { t: { tier: only, checks: [ { any: [] } ] } }", "tags.t.checks[0].any", "The list is empty.")]
    [InlineData("tags: { t: { tier: only, checks: [ { score: { at_least: 0.5, of: [ { check: { regex: \"(\" } } ] } } ] } }", "tags.t.checks[0].score.of[0].check", "not a regular expression")]
    [InlineData("tags: { t: { tier: only, checks: [ { score: { at_least: 0.5, of: [ { weight: 0, check: json } ] } } ] } }", "tags.t.checks[0]", "All weights are 0")]
    [InlineData("tags: { t: { tier: only, checks: [ { agrees: { samples: 3, at_least: 4, by: text } } ] } }", "tags.t.checks[0]", "nothing could pass")]
    [InlineData("tags: { t: { tier: only, checks: [ { agrees: { samples: 3 } } ] } }", "tags.t.checks[0].agrees.by", "\"by\" is missing.")]
    [InlineData("tags: { t: { tier: only, checks: [ { cites: { quotes: false } } ] } }", "tags.t.checks[0]", "Cites looks at nothing")]
    [InlineData("tags: { t: { tier: only, checks: [ { cites: { ids: '(?=a)b' } } ] } }", "tags.t.checks[0]", "needs backtracking")]
    public void A_mistake_is_told_with_its_place_and_what_to_do(string yaml, string path, string message)
    {
        var faults = SomePolicy.Compile($"{SomePolicy.Minimal}\n{yaml}").Faults;

        var fault = Assert.Single(faults);
        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Fix);
    }

    [Theory]
    [InlineData("verifiers: { tone: { llm: { model: one, rubric: r } } }\ntags: { t: { tier: only, checks: [ { verifier: { use: tome, at_least: 0.5 } } ] } }", "Did you mean \"tone\"?")]
    [InlineData("commands: { compile: { run: [/bin/x, \"{file}\"] } }\ntags: { t: { tier: only, checks: [ { command: compil } ] } }", "Did you mean \"compile\"?")]
    public void A_slip_in_a_name_suggests_the_one_that_was_meant(string yaml, string fix) => Assert.Equal(fix, SomePolicy.Fault($"{SomePolicy.Minimal}\n{yaml}").Fix);

    [Fact]
    public void Checks_in_checks_are_bounded_in_depth_and_number()
    {
        Assert.NotNull(SomePolicy.Compile(Checks(Nested(8))).Snapshot);
        Assert.Contains("8 levels", SomePolicy.Fault(Checks(Nested(9))).Message, StringComparison.Ordinal);
        Assert.NotNull(SomePolicy.Compile(Checks(string.Join(", ", Enumerable.Repeat("{ all: [json, json] }", 32)))).Snapshot);
        Assert.Contains("at most 64", SomePolicy.Fault(Checks(string.Join(", ", Enumerable.Repeat("{ all: [json, json, json] }", 32)))).Message, StringComparison.Ordinal);

        static string Checks(string checks) => $"{SomePolicy.Minimal}\ntags: {{ t: {{ tier: only, checks: [ {checks} ] }} }}";
        static string Nested(int levels) => levels == 0 ? "json" : $"{{ score: {{ at_least: 0, of: [ {{ check: {Nested(levels - 1)} }} ] }} }}";
    }

    [Fact]
    public void Verifiers_and_commands_reach_the_snapshot_with_their_defaults()
    {
        var snapshot = SomePolicy.Snapshot($$"""
            {{SomePolicy.Minimal}}
            verifiers:
              a: { llm: { model: one, rubric: r } }
              b: { http: { url: "http://127.0.0.1:1/predict", body: '["{answer}"]' } }
            commands:
              c: { run: [/bin/cat, "{file}"] }
            tags:
              t: { tier: only, stream: { hold_until: first_valid_prefix }, checks: [ { verifier: { use: a, at_least: 0.5 } }, { command: c }, { agrees: { by: text } } ] }
            """);

        Assert.Equal(new ModelVerifier { Name = "a", Model = "one", Rubric = "r", TimeLimit = TimeSpan.FromSeconds(10), MaxTokens = 256 }, snapshot.OutsideVerifiers["a"]);
        Assert.Equal(new HttpVerifier { Name = "b", Url = new Uri("http://127.0.0.1:1/predict"), Body = "[\"{answer}\"]", ScoreAt = "" }, snapshot.OutsideVerifiers["b"]);
        var command = snapshot.Commands["c"];
        Assert.Equal(("/bin/cat", "answer.txt", 5.0, 268_435_456L, 65_536), (command.Program, command.FileName, command.TimeLimit.TotalSeconds, command.MemoryBytes, command.OutputBytes));
        Assert.Equal("{file}", Assert.Single(command.Arguments));
        var tag = snapshot.Tags["t"];
        Assert.Equal(StreamMode.FirstValidPrefix, tag.Streaming);
        Assert.True(tag.NeedsContext);
        Assert.Equal(["verifier a at least 0.5", "command c", "agrees 2 of 3 by text"], tag.CheckTexts.AsEnumerable());
        Assert.Equal(StreamMode.Hold, snapshot.Default.Streaming);
    }
}
