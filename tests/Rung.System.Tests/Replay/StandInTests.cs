using System.Net.Http.Json;
using System.Text.Json;
using Rung.Recorded;
using Rung.Replay;

namespace Rung.Tests.Replay;

public sealed class StandInTests : IDisposable
{
    private readonly ReplayFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task A_graded_answer_without_text_is_stood_in_for_by_a_text_that_says_so()
    {
        var outcomes = await ReadAsync(standIns: true);
        await using var upstream = await RecordedUpstream.StartAsync(outcomes, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        using var http = new HttpClient();

        using var response = await http.PostAsJsonAsync($"{upstream.Url}v1/chat/completions", new { model = "small", messages = new[] { new { role = "user", content = "Question 0?" } } });

        Assert.Equal("stand-in", Assert.Single(response.Headers.GetValues("x-rung-recorded-answer")));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var text = body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Equal("[stand-in: the recording kept only the grade of the answer by small: 0]", text);
        Assert.Equal(100, body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal((0, GradeSource.Recorded, "small"), Graded(outcomes.Rows[0], text, "small"));
        Assert.Equal((1, GradeSource.Recorded, "large"), Graded(outcomes.Rows[0], StandIn.Of("large", 1), "large"));
    }

    [Fact]
    public async Task Without_being_asked_for_nothing_stands_in()
    {
        var outcomes = await ReadAsync(standIns: false);

        Assert.Null(outcomes.Rows[0].Of("small")!.Answer);
        Assert.Equal(0, outcomes.StandIns);
        Assert.Equal(24, (await ReadAsync(standIns: true)).StandIns);
    }

    [Fact]
    public async Task What_is_left_of_a_cut_stand_in_has_no_grade_whatever_letters_stand_in_it()
    {
        var row = (await ReadAsync(standIns: true)).Rows[1];

        Assert.Equal(((double?)null, GradeSource.Ungraded, (string?)null), Graded(row, StandIn.Cut(3), "small"));
    }

    [Fact]
    public async Task A_real_answer_beside_the_outcomes_is_better_than_a_stand_in()
    {
        var path = files.Grades(12);
        files.Write("responses.jsonl", """{"id":"q0","model":"small","response":"It is B."}""");
        var outcomes = await RecordedOutcomes.ReadAsync([path], [], new RecordedReading { StandIns = true }, CancellationToken.None);

        Assert.False(outcomes.Rows[0].Of("small")!.Answer!.IsStandIn);
        Assert.Equal(23, outcomes.StandIns);
    }

    [Theory]
    [InlineData(", checks: [ { regex: 'B' } ], escalate: { to: high, on: [check_failed] }", true)]
    [InlineData(", checks: [ { regex: 'B' } ], escalate: { to: high, on: [check_failed], exhausted: error }", true)]
    [InlineData(", checks: [ { regex: 'B' } ]", false)]
    [InlineData(", max_tokens: 5, checks: [ { regex: 'B' } ], escalate: { to: high, on: [truncated, check_failed] }", false)]
    [InlineData(", escalate: { to: high, on: [truncated] }", false)]
    public async Task A_call_whose_course_hangs_on_what_a_stand_in_does_not_say_is_counted_apart(string rest, bool isUnjudged)
    {
        var outcomes = await ReadAsync(standIns: true);
        var policy = ReplayFiles.Compile(ReplayFiles.Policy(ReplayFiles.Tag("words", "low", rest)));

        var rows = new OutcomeReplay(outcomes, new DriveOptions { Gateway = new Uri("http://127.0.0.1"), Tag = "words" }, DateTimeOffset.UnixEpoch).Run(policy, b: null);

        Assert.All(rows, row => Assert.Equal(isUnjudged, row.A.IsUnjudged));
        var scope = ReplaySummary.Of(null, rows, new ReplaySampling(0.95, 100, 1));
        Assert.Equal(isUnjudged ? 12 : 0, scope.Policy.Unjudged);
        Assert.Equal(isUnjudged, scope.Policy.Cost is null);
        if (isUnjudged) Assert.Null(scope.Policy.Accuracy);
    }

    [Fact]
    public async Task A_stand_in_whose_tokens_nobody_counted_costs_nobody_knows_what()
    {
        var path = files.Write("grades.jsonl", """{"id":"1","source":"s","prompt":"Q","models":{"small":{"correct":1},"large":{"correct":1}}}""");
        var outcomes = await RecordedOutcomes.ReadAsync([path], [], new RecordedReading { StandIns = true }, CancellationToken.None);
        var policy = ReplayFiles.Compile(ReplayFiles.Policy(ReplayFiles.Tag("words", "low")));

        var row = Assert.Single(new OutcomeReplay(outcomes, new DriveOptions { Gateway = new Uri("http://127.0.0.1"), Tag = "words" }, DateTimeOffset.UnixEpoch).Run(policy, b: null));

        Assert.Equal((1, null, CostSource.Unknown), (row.A.Score, row.A.CostNanoUsd, row.A.CostSource));
    }

    private Task<RecordedOutcomes> ReadAsync(bool standIns) => RecordedOutcomes.ReadAsync([files.Grades(12)], [], new RecordedReading { StandIns = standIns }, CancellationToken.None);

    private static (double?, GradeSource, string?) Graded(RecordedRow row, RecordedAnswer answer, string model) => Graded(row, System.Text.Encoding.UTF8.GetString(answer.Text!), model);

    private static (double?, GradeSource, string?) Graded(RecordedRow row, string text, string model)
    {
        var grade = RecordedGrade.Of(row, new ChatAnswer(model, text, []));
        return (grade.Score, grade.Source, grade.Model);
    }
}
