using System.Text;
using Rung.Storage.Content;

namespace Rung.Storage.Tests.Content;

/// <summary>Runs in the store: written once, sealed, and gone with what they are about.</summary>
public sealed class EvalRunTableTests
{
    private static readonly EvalRow s_row = new()
    {
        Id = "r-1", Position = 0, Part = EvalPart.Test, Origin = "call c-1", Request = "{}"u8.ToArray(), CallId = "c-1", Session = "s-1", User = "u-1",
        CalledAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public async Task An_answer_is_stored_once_and_its_question_is_no_longer_under_way()
    {
        using var directory = new TemporaryDirectory();
        await using var store = await OpenAsync(directory.Path, key: null);
        await store.BeginEvalFlightAsync("r-a", "m", "r-1", EvalStage.Answer, "call-1", default);
        Assert.False(Assert.Single(await store.ReadEvalFlightsAsync("r-a", default)).Lost);

        await store.SaveEvalAnswerAsync("r-a", s_row, Answer("first"), default);
        await store.SaveEvalAnswerAsync("r-a", s_row, Answer("second"), default);
        await store.SaveEvalGradeAsync("r-a", "m", "r-1", new EvalRunGrade { Score = 0.5, Reason = "half", Kind = "k", Verdicts = "[1]"u8.ToArray(), CostNanoUsd = 7 }, default);

        Assert.Empty(await store.ReadEvalFlightsAsync("r-a", default));
        var answer = Assert.Single(await store.ReadEvalAnswersAsync("r-a", withContent: true, default));
        Assert.Equal(("first", "half", "[1]", 0.5, 7L), (Text(answer.Message), answer.Grade!.Reason, Text(answer.Grade.Verdicts), answer.Grade.Score, answer.Grade.CostNanoUsd));
        var bare = Assert.Single(await store.ReadEvalAnswersAsync("r-a", withContent: false, default));
        Assert.True(bare.Message.IsEmpty && bare.Grade!.Reason is null && bare.Grade.Verdicts.IsEmpty);
    }

    [Fact]
    public async Task What_was_cut_off_stays_counted_with_its_cost_when_it_is_known()
    {
        using var directory = new TemporaryDirectory();
        await using var store = await OpenAsync(directory.Path, key: null);
        await store.BeginEvalFlightAsync("r-a", "m", "r-1", EvalStage.Answer, "call-1", default);
        await store.LoseEvalFlightAsync("r-a", Assert.Single(await store.ReadEvalFlightsAsync("r-a", default)), 12, default);
        await store.BeginEvalFlightAsync("r-a", "m", "r-1", EvalStage.Answer, "call-2", default);
        await store.SaveEvalAnswerAsync("r-a", s_row, Answer("x"), default);

        var lost = Assert.Single(await store.ReadEvalFlightsAsync("r-a", default));
        Assert.Equal((true, 12L, "call-1"), (lost.Lost, lost.CostNanoUsd, lost.CallId));
    }

    [Fact]
    public async Task Failed_answers_are_dropped_to_be_asked_again_and_their_cost_is_kept()
    {
        using var directory = new TemporaryDirectory();
        await using var store = await OpenAsync(directory.Path, key: null);
        await store.SaveEvalAnswerAsync("r-a", s_row, Answer("") with { Status = EvalAnswerStatus.Failed, CostNanoUsd = 5, CallId = "call-9" }, default);

        Assert.Equal(1, await store.DropFailedEvalAnswersAsync("r-a", default));
        Assert.Empty(await store.ReadEvalAnswersAsync("r-a", withContent: false, default));
        Assert.Equal(5, Assert.Single(await store.ReadEvalFlightsAsync("r-a", default)).CostNanoUsd);
    }

    [Fact]
    public async Task Under_a_key_no_answer_and_no_reason_lies_open_in_the_files()
    {
        using var directory = new TemporaryDirectory();
        await using (var store = await OpenAsync(directory.Path, ContentKey.FromPassphrase("a passphrase of a test")))
        {
            await store.SaveEvalAnswerAsync("r-a", s_row, Answer("planted-answer"), default);
            await store.SaveEvalGradeAsync("r-a", "m", "r-1", new EvalRunGrade { Reason = "planted-reason", Verdicts = "planted-verdict"u8.ToArray() }, default);
            Assert.Equal("planted-answer", Text((await store.FindEvalAnswerAsync("r-a", "m", "r-1", default))!.Message));
        }

        foreach (var file in Directory.GetFiles(directory.Path)) Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf("planted"u8) < 0, file);
    }

    [Theory]
    [InlineData("c-1", null, null, 1)]
    [InlineData(null, "s-1", "u-1", 1)]
    [InlineData(null, "s-1", "u-2", 0)]
    [InlineData("c-2", null, null, 0)]
    public async Task Answers_go_with_the_call_the_session_or_the_user_that_their_row_is_of(string? call, string? session, string? user, int expected)
    {
        using var directory = new TemporaryDirectory();
        await using var store = await OpenAsync(directory.Path, key: null);
        await store.SaveEvalAnswerAsync("r-a", s_row, Answer("x"), default);
        await store.SaveEvalGradeAsync("r-a", "m", "r-1", new EvalRunGrade { Score = 1 }, default);

        var report = await store.ForgetAsync(new ForgetRequest { CallId = call, Session = session, User = user, Reason = "asked to" }, default);

        Assert.Equal(expected, report.RunAnswers);
        Assert.Equal(1 - expected, (await store.ReadEvalAnswersAsync("r-a", withContent: false, default)).Count);
    }

    private static EvalRunAnswer Answer(string text) => new() { Candidate = "m", RowId = "r-1", Status = EvalAnswerStatus.Answered, Message = Encoding.UTF8.GetBytes(text), CostNanoUsd = 3 };

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static async Task<ContentStore> OpenAsync(string path, ContentKey? key)
    {
        var store = ContentStore.Open(path, key, TimeProvider.System);
        await store.BeginEvalRunAsync(new EvalRun { Id = "r-a", SetName = "s", SetVersion = 1, SetHash = new string('0', 64), Tag = "t", Plan = "{}", BegunAt = TimeProvider.System.GetUtcNow() }, default);
        return store;
    }
}
