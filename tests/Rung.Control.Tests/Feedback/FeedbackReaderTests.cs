using System.Text;
using Rung.Control.Feedback;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Feedback;

public sealed class FeedbackReaderTests
{
    private const string Call = "0198f3a2b1c47def8123456789abcdef";
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static IReadOnlyList<FeedbackItem> Read(string json) => FeedbackReader.Read(Encoding.UTF8.GetBytes(json), Noon, scope: null);

    private static FeedbackItem One(string fields) => Assert.Single(Read($$"""{"call_id":"{{Call}}",{{fields}}}"""));

    [Theory]
    [InlineData("\"thumbs\":\"up\"", VerdictKind.Thumbs, 1)]
    [InlineData("\"thumbs\":false", VerdictKind.Thumbs, 0)]
    [InlineData("\"score\":0.25", VerdictKind.Score, 0.25)]
    [InlineData("\"score\":{\"value\":4,\"min\":1,\"max\":5}", VerdictKind.Score, 0.75)]
    [InlineData("\"score\":{\"value\":7,\"max\":10}", VerdictKind.Score, 0.7)]
    [InlineData("\"score\":{\"value\":0,\"min\":-1e308,\"max\":1e308}", VerdictKind.Score, 0.5)]
    [InlineData("\"task_completed\":true", VerdictKind.TaskCompleted, 1)]
    [InlineData("\"conversation_length\":12", VerdictKind.ConversationLength, 12)]
    [InlineData("\"escalated_to_person\":true", VerdictKind.Escalated, 0)]
    [InlineData("\"escalated_to_person\":false", VerdictKind.Escalated, 1)]
    [InlineData("\"kind\":\"thumbs\",\"value\":\"down\"", VerdictKind.Thumbs, 0)]
    [InlineData("\"kind\":\"score\",\"value\":{\"value\":3,\"min\":1,\"max\":5}", VerdictKind.Score, 0.5)]
    public void Each_signal_becomes_its_kind_and_score(string fields, VerdictKind kind, double score)
    {
        var signal = Assert.Single(One(fields).Signals);
        Assert.Equal((kind, score), (signal.Kind, Math.Round(signal.Score, 12)));
    }

    [Fact]
    public void One_body_says_several_things()
    {
        var item = One("\"thumbs\":\"down\",\"task_completed\":false,\"override\":{\"original\":\"abc\",\"replacement\":\"abd\"},\"comment\":\"no\",\"name\":\"tone\",\"by\":\"u-1\",\"at\":\"2026-10-01T08:00:00+02:00\"");
        var verdicts = FeedbackVerdicts.Of(item, 0.25);

        Assert.Equal([(VerdictKind.Thumbs, 0.0), (VerdictKind.TaskCompleted, 0), (VerdictKind.Override, 0.75)], verdicts.Select(verdict => (verdict.Kind, verdict.Score)));
        Assert.All(verdicts, verdict => Assert.Equal((Call, "tone", "u-1", new DateTimeOffset(2026, 10, 1, 6, 0, 0, TimeSpan.Zero)), (verdict.CallId, verdict.Name, verdict.By, verdict.At)));
        Assert.Equal(3, verdicts.Select(verdict => verdict.Id).Distinct().Count());
    }

    [Fact]
    public void An_id_is_the_senders_key_for_that_call_and_kind_or_else_what_is_said()
    {
        string Id(string fields) => FeedbackVerdicts.Of(One(fields), null)[0].Id;

        Assert.Equal(Id("\"id\":\"k\",\"thumbs\":true"), Id("\"id\":\"k\",\"thumbs\":false"));
        Assert.NotEqual(Id("\"id\":\"k\",\"thumbs\":true"), Id("\"id\":\"k\",\"task_completed\":true"));
        Assert.NotEqual(Id("\"id\":\"k\",\"thumbs\":true"), Id("\"id\":\"l\",\"thumbs\":true"));
        Assert.Equal(Id("\"thumbs\":true"), Id("\"thumbs\":true,\"at\":\"2026-11-01\""));
        Assert.NotEqual(Id("\"thumbs\":true"), Id("\"thumbs\":false"));
        Assert.NotEqual(Id("\"thumbs\":true"), Id("\"thumbs\":true,\"by\":\"u-2\""));
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("7", "neither an object nor an array")]
    [InlineData("[]", "0 items")]
    [InlineData("[3]", "[0]")]
    [InlineData("{\"thumbs\":true}", "call_id")]
    [InlineData("{\"call_id\":\"x\",\"thumbs\":true}", "call_id")]
    [InlineData("{\"call_id\":\"CALL\"}", "says nothing")]
    [InlineData("{\"call_id\":\"CALL\",\"thumbs\":\"sideways\"}", "thumbs")]
    [InlineData("{\"call_id\":\"CALL\",\"score\":1.5}", "score")]
    [InlineData("{\"call_id\":\"CALL\",\"score\":1e999}", "score")]
    [InlineData("{\"call_id\":\"CALL\",\"score\":{\"value\":6,\"min\":1,\"max\":5}}", "score.value")]
    [InlineData("{\"call_id\":\"CALL\",\"score\":{\"value\":1,\"min\":1,\"max\":1}}", "score.max")]
    [InlineData("{\"call_id\":\"CALL\",\"score\":{\"value\":1,\"top\":1}}", "score.top: ")]
    [InlineData("{\"call_id\":\"CALL\",\"thumb\":true}", "thumb: There is a field that feedback does not have. Known are")]
    [InlineData("{\"call_id\":\"CALL\",\"thumbs\":true,\"thumbs\":false}", "twice")]
    [InlineData("{\"call_id\":\"CALL\",\"kind\":\"vibes\",\"value\":1}", "kind")]
    [InlineData("{\"call_id\":\"CALL\",\"kind\":\"thumbs\"}", "value")]
    [InlineData("{\"call_id\":\"CALL\",\"value\":1}", "value")]
    [InlineData("{\"call_id\":\"CALL\",\"override\":{}}", "override.replacement")]
    [InlineData("{\"call_id\":\"CALL\",\"override\":{\"distance\":2}}", "override.distance")]
    [InlineData("{\"call_id\":\"CALL\",\"override\":{\"original\":\"a\",\"distance\":1}}", "override.replacement")]
    [InlineData("{\"session\":\"s\",\"override\":{\"distance\":1}}", "call_id")]
    [InlineData("{\"call_id\":\"CALL\",\"conversation_length\":-1}", "conversation_length")]
    [InlineData("{\"call_id\":\"CALL\",\"conversation_length\":1.5}", "conversation_length")]
    [InlineData("{\"call_id\":\"CALL\",\"task_completed\":1}", "task_completed")]
    [InlineData("{\"call_id\":\"CALL\",\"thumbs\":true,\"by\":\"a@b.org\"}", "by")]
    [InlineData("{\"call_id\":\"CALL\",\"thumbs\":true,\"at\":\"2027-01-01\"}", "at")]
    [InlineData("{\"call_id\":\"CALL\",\"thumbs\":true,\"at\":\"soon\"}", "at")]
    [InlineData("{\"call_id\":\"CALL\",\"comment\":\"\\ud83d\"}", "comment")]
    [InlineData("[[[[[[[[[[[[[1]]]]]]]]]]]]]", "nested too deep")]
    public void What_cannot_be_used_is_refused_with_its_place_and_a_fix(string json, string told)
    {
        var fault = Assert.Throws<FeedbackException>(() => Read(json.Replace("CALL", Call)));
        Assert.Contains(told, fault.Message);
        Assert.EndsWith(".", fault.Message);
        Assert.DoesNotContain("a@b.org", fault.Message);
    }

    [Fact]
    public void Lengths_are_bounded_and_the_fault_names_the_limit()
    {
        Assert.Contains("4,000", Assert.Throws<FeedbackException>(() => One($"\"comment\":\"{new string('x', 4001)}\"")).Message);
        Assert.Contains("128", Assert.Throws<FeedbackException>(() => One($"\"thumbs\":true,\"id\":\"{new string('x', 129)}\"")).Message);
        var many = "[" + string.Join(',', Enumerable.Repeat($$"""{"call_id":"{{Call}}","thumbs":true}""", FeedbackLimits.Items + 1)) + "]";
        Assert.Contains("101 items", Assert.Throws<FeedbackException>(() => Read(many)).Message);
    }

    [Fact]
    public void A_session_is_cut_as_the_gateway_cuts_it() =>
        Assert.Equal(128, Assert.Single(Read($$"""{"session":"{{new string('s', 300)}}","thumbs":true}""")).Session!.Length);

    [Fact]
    public void A_fault_in_a_list_names_the_item() =>
        Assert.StartsWith("[1].score", Assert.Throws<FeedbackException>(() => Read($$"""[{"call_id":"{{Call}}","score":1},{"call_id":"{{Call}}","score":2}]""")).Message);
}
