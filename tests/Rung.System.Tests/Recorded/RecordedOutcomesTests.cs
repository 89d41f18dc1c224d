using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rung.Recorded;

namespace Rung.Tests.Recorded;

public sealed class RecordedOutcomesTests : IDisposable
{
    private readonly RecordedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("outcomes.jsonl")]
    [InlineData("outcomes.jsonl.gz")]
    public async Task Rows_are_read_plain_and_packed(string name)
    {
        var outcomes = await RecordedOutcomes.ReadAsync([_files.Write(name, RecordedFiles.ThreeSums)], [], CancellationToken.None);

        Assert.Equal(3, outcomes.Rows.Count);
        Assert.Equal(["large", "small"], outcomes.Models);
        Assert.Equal(100_000, outcomes.Rows[0].Of("large")!.CostNanoUsd);
        Assert.Equal("2", outcomes.Rows[0].Gold);
        Assert.Equal(0, outcomes.FaultCount);
    }

    [Fact]
    public async Task A_bad_line_costs_that_line_and_is_reported_with_its_number()
    {
        var outcomes = await _files.ReadAsync(RecordedFiles.ThreeSums[0], "{not json", "", "[1]", """{"id":"x","prompt":"no models"}""", RecordedFiles.ThreeSums[1]);

        Assert.Equal(2, outcomes.Rows.Count);
        Assert.Equal([2, 4, 5], outcomes.Faults.Select(fault => fault.Line));
        Assert.Equal(3, outcomes.FaultCount);
    }

    [Fact]
    public async Task A_missing_file_and_a_folder_are_named_with_what_to_do()
    {
        var folder = Path.GetDirectoryName(_files.Write("a.jsonl", RecordedFiles.ThreeSums))!;

        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => RecordedOutcomes.ReadAsync([Path.Combine(folder, "no.jsonl")], [], CancellationToken.None));
        var isFolder = await Assert.ThrowsAsync<IOException>(() => RecordedOutcomes.ReadAsync([folder], [], CancellationToken.None));

        Assert.Equal($"There is no file {Path.Combine(folder, "no.jsonl")}. Check the path.", missing.Message);
        Assert.StartsWith($"{folder} is a folder. Name the files in it", isFolder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_no_json_is_told_by_its_place_alone()
    {
        var outcomes = await _files.ReadAsync(RecordedFiles.ThreeSums[0], "{not json");

        Assert.Equal("not readable JSON at byte 2", Assert.Single(outcomes.Faults).Message);
    }

    [Fact]
    public async Task A_file_of_which_nothing_can_be_read_is_refused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => _files.ReadAsync("nonsense", "{}"));

    [Fact]
    public async Task The_rows_before_the_break_of_a_cut_download_are_used()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            // Noise that does not compress, so that the cut falls far behind the first rows.
            var noise = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i * 7919 % 104729:x}"));
            gzip.Write(Encoding.UTF8.GetBytes(string.Join('\n', [.. RecordedFiles.ThreeSums, noise])));
        }
        var path = _files.WriteBytes("outcomes.jsonl.gz", packed.ToArray()[..^60_000]);

        var outcomes = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);

        Assert.Equal(3, outcomes.Rows.Count);
        Assert.True(outcomes.FaultCount >= 1);
    }

    [Fact]
    public async Task The_first_row_of_a_prompt_answers_and_repetitions_are_counted()
    {
        var outcomes = await _files.ReadAsync(
            RecordedFiles.Row("a", "Same?", """{"m":{"correct":1,"response":"first"}}"""),
            RecordedFiles.Row("b", "  Same?\r\n", """{"m":{"correct":0,"response":"second"},"other":{"correct":1,"response":"only here"}}"""));

        Assert.Single(outcomes.Rows);
        Assert.Equal(1, outcomes.Duplicates);
        Assert.Equal("first"u8.ToArray(), outcomes.Find("Same?")!.Of("m")!.Answer!.Text);
        Assert.Equal("only here"u8.ToArray(), outcomes.Find("Same?")!.Of("other")!.Answer!.Text);
    }

    [Fact]
    public async Task Responses_beside_the_outcomes_are_found_and_others_are_counted()
    {
        var path = _files.Write("outcomes.jsonl.gz", RecordedFiles.Row("a", "Q", """{"m":{"correct":1},"n":{"correct":0}}"""));
        _files.Write("responses-m.jsonl.gz", """{"id":"a","model":"m","response":"from the side"}""", """{"id":"gone","model":"m","response":"lost"}""", "broken");
        var named = _files.Write("more.jsonl", """{"id":"a","model":"n","response":[{"f":"{\"x\": 1}"}, "\n", {"f":"{\"x\": 2}"}]}""");

        var outcomes = await RecordedOutcomes.ReadAsync([path], [named], CancellationToken.None);

        var row = outcomes.Rows[0];
        Assert.Equal("from the side"u8.ToArray(), row.Of("m")!.Answer!.Text);
        Assert.Null(row.Of("n")!.Answer!.Text);
        Assert.Equal(["{\"x\": 1}", "{\"x\": 2}"], row.Of("n")!.Answer!.ToolCalls.Select(call => Encoding.UTF8.GetString(call.Arguments)));
        Assert.Equal(1, outcomes.UnmatchedResponses);
        Assert.Equal(1, outcomes.FaultCount);
    }

    [Fact]
    public async Task Unknown_fields_and_fields_of_another_kind_are_ignored()
    {
        var outcomes = await _files.ReadAsync(RecordedFiles.Row(
            "a", "Q", """{"m":{"score":0.5,"prompt_tokens":"many","completion_tokens":0,"cost_usd":null,"mood":"good","latency_s":1.5},"n":{"correct":true},"x":7}"""));

        var row = outcomes.Rows[0];
        Assert.Equal(0.5, row.Of("m")!.Score);
        Assert.Null(row.Of("m")!.PromptTokens);
        Assert.Null(row.Of("m")!.CompletionTokens);
        Assert.Null(row.Of("m")!.CostNanoUsd);
        Assert.Equal(1.5, row.Of("m")!.LatencySeconds);
        Assert.Equal(1, row.Of("n")!.Score);
        Assert.Equal(["m", "n"], outcomes.Models);
    }

    [Fact]
    public void Blanks_at_the_ends_and_Windows_line_ends_never_change_the_key() =>
        Prop.ForAll<NonNull<string>>(text =>
                PromptKey.Of(text.Get) == PromptKey.Of(" \r\n" + text.Get.Replace("\r\n", "\n", StringComparison.Ordinal) + "\n\t"))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Chance_stays_below_one_and_depends_on_its_arguments_alone() =>
        Prop.ForAll<NonNull<string>, long>((model, seed) =>
                PromptKey.Chance(7, model.Get, seed, "x") is >= 0 and < 1 && PromptKey.Chance(7, model.Get, seed, "x").Equals(PromptKey.Chance(7, model.Get, seed, "x")))
            .QuickCheckThrowOnFailure();
}
