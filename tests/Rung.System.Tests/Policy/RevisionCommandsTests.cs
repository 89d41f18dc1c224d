using Rung.Commands;

namespace Rung.Tests.Policy;

/// <summary>What reads revisions: diff, history, show.</summary>
public sealed class RevisionCommandsTests : IDisposable
{
    private readonly PolicyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_difference_is_told_in_sentences_between_files_and_revisions()
    {
        await _folder.PublishThreeAsync();

        var printed = await _folder.RunAsync("diff", "1", "2", "--data", _folder.Data);
        var back = await _folder.RunAsync("diff", "2", _folder.At("rung.yaml"), "--data", _folder.Data, "--json");

        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Matches(@"^revision 1 \([0-9a-f]{12}\) → revision 2 \([0-9a-f]{12}\): [0-9]+ changes$", printed.Lines[0]);
        Assert.Equal("  ~ label: small → large", printed.Lines[1]);
        Assert.Equal(ExitCode.Faults, back.Code);
        Assert.False(back.Json.GetProperty("same").GetBoolean());
        Assert.Equal(2, back.Json.GetProperty("before").GetProperty("revision").GetInt64());
        Assert.Equal("tags.label.tier", back.Json.GetProperty("changes")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task What_says_the_same_has_no_difference_whatever_its_layout()
    {
        await _folder.PublishThreeAsync();
        var path = _folder.Write("other.yaml", "# with a comment\n" + PolicyFolder.Start);

        var layout = await _folder.RunAsync("diff", "current", path, "--data", _folder.Data);
        var text = await _folder.RunAsync("diff", "3", "current", "--data", _folder.Data);

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (layout.Code, text.Code));
        Assert.EndsWith("they say the same; only layout, comments or order differ", layout.Unbroken, StringComparison.Ordinal);
        Assert.EndsWith("the same text", text.Unbroken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_says_who_why_and_what_changed()
    {
        await _folder.PublishThreeAsync();

        var printed = await _folder.RunAsync("history", "--data", _folder.Data);
        var json = (await _folder.RunAsync("history", "--data", _folder.Data, "--json")).Json.GetProperty("revisions");
        var one = await _folder.RunAsync("history", "--data", _folder.Data, "--limit", "1");

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Matches("^   3  [0-9a-f]{12} 20[0-9: -]+ UTC, ana: a stricter schema$", printed.Lines[0]);
        Assert.Contains("7 changes: label: large → small; label: check removed", printed.Lines[1], StringComparison.Ordinal);
        Assert.Contains("label: small → large", printed.Output, StringComparison.Ordinal);
        Assert.Equal("      the first revision", printed.Lines[^1]);
        Assert.All(printed.Lines, line => Assert.True(line.Length <= 100, line));
        Assert.Equal([3L, 2L, 1L], json.EnumerateArray().Select(revision => revision.GetProperty("number").GetInt64()));
        Assert.Contains("2 older", one.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_no_longer_compiles_does_not_hide_the_history()
    {
        await _folder.PublishThreeAsync();
        await _folder.PublishAsync(new string('a', 64), "version: 9", new Dictionary<string, ReadOnlyMemory<byte>>(), "from the \u001b[31mfuture\n");

        var printed = await _folder.RunAsync("history", "--data", _folder.Data);

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.EndsWith("ana: from the ·[31mfuture", printed.Lines[0], StringComparison.Ordinal);
        Assert.Contains("no longer compiles", printed.Lines[1], StringComparison.Ordinal);
        Assert.Contains("label: small → large", printed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_prints_the_text_to_the_letter()
    {
        await _folder.PublishThreeAsync();

        var newest = await _folder.RunAsync("show", "--data", _folder.Data);
        var first = await _folder.RunAsync("show", "1", "--data", _folder.Data, "--files");
        var json = (await _folder.RunAsync("show", "1", "--data", _folder.Data, "--files", "--json")).Json;

        Assert.Equal(PolicyFolder.Start, newest.Output);
        Assert.StartsWith("Revision 3 (", newest.Error, StringComparison.Ordinal);
        Assert.Equal(PolicyFolder.Start + $"# ---- schemas/label.json (38 bytes)\n{PolicyFolder.LabelSchema}\n", first.Output);
        Assert.Equal((PolicyFolder.Start, "ana", "the start"), (json.GetProperty("text").GetString(), json.GetProperty("author").GetString(), json.GetProperty("reason").GetString()));
        Assert.Equal(PolicyFolder.LabelSchema, json.GetProperty("files")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_table_is_an_org_chart_within_100_columns()
    {
        _folder.WriteStart();
        var path = _folder.Write("rung.yaml", PolicyFolder.Start.Replace("tags:\n", """
            roles:
              worker: { tier: small, owner: team-b, why: "Runs forty times a task, and whatever it does is looked at by a critic with a list." }
            tags:
              rename: { role: worker, user_visible: true, floor: { verdict: judge, at_least: 0.97, of: large }, ceiling: { usd_per_call: 0.0004 } }

            """, StringComparison.Ordinal));

        var printed = await _folder.RunAsync("show", path, "--table");

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Equal("Ladder: small (mini) → large (maxi; the reference)", printed.Lines[0]);
        Assert.All(printed.Lines, line => Assert.True(line.Length <= 100, line));
        Assert.Equal(["role worker", "· rename", "label", "default"], printed.Lines.Select(line => line.Length < 15 ? "" : line[1..15].Trim()).Where(name => name is "role worker" or "· rename" or "label" or "default"));
        Assert.Contains("floor: judge", printed.Output, StringComparison.Ordinal);
        Assert.Contains("nothing", printed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", printed.Output, StringComparison.Ordinal);
        var routes = (await _folder.RunAsync("show", path, "--table", "--json")).Json.GetProperty("routes");
        Assert.Equal("judge at least 0.97 of large", routes[1].GetProperty("floor").GetString());
    }

    [Theory]
    [InlineData("There is no revision 9 in .rung.", "diff", "1", "9")]
    [InlineData("There is no policy file none.yaml.", "diff", "none.yaml", "1")]
    [InlineData("There is no revision 4 in .rung.", "show", "4")]
    [InlineData("There is no policy file fourth.", "show", "fourth")]
    [InlineData("--limit must be at least 1.", "history", "--limit", "0")]
    [InlineData("'latest' is no revision.", "rollback", "latest")]
    public async Task What_is_not_there_is_an_error_with_a_way_on(string message, params string[] args)
    {
        await _folder.PublishThreeAsync();

        var printed = await _folder.RunAsync([.. args, "--data", _folder.Data]);

        Assert.Equal((ExitCode.Usage, ""), (printed.Code, printed.Output));
        Assert.StartsWith($"rung: {message}", printed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("history")]
    [InlineData("show")]
    [InlineData("rollback", "1")]
    [InlineData("diff", "1", "2")]
    public async Task A_data_directory_that_is_not_there_is_named_and_not_made(params string[] args)
    {
        var printed = await _folder.RunAsync([.. args, "--data", _folder.Data]);

        Assert.Equal(ExitCode.Usage, printed.Code);
        Assert.Contains(".rung: there is no such data directory.", printed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Data));
    }
}
