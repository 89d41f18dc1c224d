using Rung.Commands;

namespace Rung.Tests.Policy;

public sealed class LintCommandTests : IDisposable
{
    private readonly PolicyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_fault_of_a_file_is_one_line_with_its_place_and_its_fix()
    {
        var path = _folder.Write("broken.yaml", """
            version: 2
            tiers:
              small: { models: [mini, missing] }
            models:
              mini: { provider: opnai, id: x, wieght: 2 }
            tags:
              label: { tier: smal, max_tokens: many, temperature: { max: 3 } }
              score: { tier: small, checks: [ { schema: schemas/none.json } ] }
            default: { tier: small }
            """);

        var printed = await _folder.RunAsync("lint", path);

        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Equal("""
            broken.yaml:1:10: error: version: 2 is out of range. Write the number 1.
            broken.yaml:3:27: error: tiers.small.models[1]: There is no model "missing". Known models: mini.
            broken.yaml:5:21: error: models.mini.provider: "opnai" is not allowed here. Did you mean "openai"?
            broken.yaml:5:35: error: models.mini.wieght: "wieght" is not a key of models.mini. Did you mean "weight"?
            broken.yaml:7:18: error: tags.label.tier: There is no tier "smal". Did you mean "small"?
            broken.yaml:7:36: error: tags.label.max_tokens: "max_tokens" is "many", but a whole number from 1 to 100000000 is wanted. Write a whole number from 1 to 100000000.
            broken.yaml:7:62: error: tags.label.temperature.max: 3 is out of range. Write a number from 0 to 2.
            broken.yaml:8:45: error: tags.score.checks[0].schema: The file "schemas/none.json" was not found. Paths are relative to the folder of the policy: check the name, or add the file.
            broken.yaml: 8 faults: it cannot take effect, and is not judged further.

            """, printed.Output);
        Assert.Empty(printed.Error);
    }

    [Fact]
    public async Task Lints_follow_with_code_and_severity_and_warnings_fail_only_when_asked()
    {
        var path = _folder.Write("rung.yaml", PolicyFolder.Start.Replace("    checks: [ { schema: schemas/label.json } ]\n    escalate: { to: large }\n", "    escalate: { to: large, on: [check_failed] }\n", StringComparison.Ordinal)
            .Replace("    owner: team-a\n", "", StringComparison.Ordinal));

        var printed = await _folder.RunAsync("lint", path);

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Equal("""
            rung.yaml:9:3: warning RUNG021: tags.label: Tag label has no owner. Add owner.
            rung.yaml:12:28: warning RUNG012: tags.label.escalate.on: Tag label escalates on check_failed, but has no checks. Add checks, or take check_failed out of on.
            rung.yaml: 0 errors, 2 warnings, 0 info; it compiles (2 tiers, 2 models, 0 roles, 1 tag, 0 pins).

            """, printed.Output);
        Assert.Equal(ExitCode.Faults, (await _folder.RunAsync("lint", path, "--strict")).Code);
    }

    [Fact]
    public async Task A_lint_that_is_an_error_fails()
    {
        var path = _folder.Write("rung.yaml", PolicyFolder.Start.Replace("tier: small\n", "tier: large\n", StringComparison.Ordinal));
        _folder.Write("schemas/label.json", PolicyFolder.LabelSchema);

        var printed = await _folder.RunAsync("lint", path);

        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Contains("error RUNG009: tags.label.escalate:", printed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_files_are_grouped_and_one_that_cannot_be_read_does_not_hide_the_others()
    {
        var good = _folder.WriteStart();
        var bad = _folder.Write("bad.yaml", "version: [1");

        var printed = await _folder.RunAsync("lint", _folder.At("none.yaml"), good, _folder.At("schemas"), bad);

        Assert.Equal(ExitCode.Usage, printed.Code);
        Assert.Equal("rung.yaml: in order (2 tiers, 2 models, 0 roles, 1 tag, 0 pins).", printed.Lines[0]);
        Assert.StartsWith("bad.yaml:2:1: error: This is not YAML: ", printed.Lines[1], StringComparison.Ordinal);
        Assert.Contains("There is no policy file none.yaml.", printed.Error, StringComparison.Ordinal);
        Assert.Contains("schemas is a folder.", printed.Error, StringComparison.Ordinal);
        Assert.Contains("4 files, 3 not in order.", printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_says_the_same()
    {
        var path = _folder.Write("rung.yaml", PolicyFolder.Start.Replace("    owner: team-a\n", "", StringComparison.Ordinal));

        var broken = (await _folder.RunAsync("lint", path, _folder.At("none.yaml"), "--json")).Json.GetProperty("files");
        _folder.Write("schemas/label.json", PolicyFolder.LabelSchema);
        var linted = (await _folder.RunAsync("lint", path, "--json")).Json.GetProperty("files")[0];

        Assert.False(broken[0].GetProperty("ok").GetBoolean());
        Assert.Equal(1, broken[0].GetProperty("summary").GetProperty("faults").GetInt32());
        Assert.Equal((12, "tags.label.checks[0].schema"), (broken[0].GetProperty("faults")[0].GetProperty("line").GetInt32(), broken[0].GetProperty("faults")[0].GetProperty("path").GetString()));
        Assert.Equal("There is no policy file none.yaml.", broken[1].GetProperty("problem").GetString());
        Assert.True(linted.GetProperty("ok").GetBoolean());
        Assert.False(linted.TryGetProperty("problem", out _));
        var lint = linted.GetProperty("lints")[0];
        Assert.Equal(("RUNG021", "warning", "Add owner."), (lint.GetProperty("code").GetString(), lint.GetProperty("severity").GetString(), lint.GetProperty("fix").GetString()));
    }
}
