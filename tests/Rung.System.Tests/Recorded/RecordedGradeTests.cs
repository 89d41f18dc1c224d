using Rung.Recorded;

namespace Rung.Tests.Recorded;

public sealed class RecordedGradeTests
{
    [Theory]
    [InlineData("So it is 3 x 4 = 12.\n#### 12", "12", true)]
    [InlineData("It costs $1,200.00", "1200", true)]
    [InlineData("First 12, then 13", "12", false)]
    [InlineData("The temperature is -5", "-5", true)]
    [InlineData("5-3", "3", true)]
    [InlineData("no number", "12", false)]
    [InlineData("The answer is (C).", "C", true)]
    [InlineData("I think that the answer is C, not D", "C", true)]
    [InlineData("b", "B", true)]
    [InlineData("(A) is wrong, so (B)", "B", true)]
    [InlineData("A", "B", false)]
    public void The_last_number_or_the_letter_decides(string text, string gold, bool right) => Assert.Equal(right, RecordedGrade.IsRight(text, gold));

    [Fact]
    public void Nothing_is_said_where_the_right_answer_is_neither() => Assert.Null(RecordedGrade.IsRight("Paris", "Paris, France"));

    [Fact]
    public async Task The_model_that_the_body_names_is_asked_first_when_two_gave_the_same_answer()
    {
        using var files = new RecordedFiles();
        var outcomes = await files.ReadAsync(RecordedFiles.Row("a", "Q", """{"a":{"correct":0,"response":"same"},"b":{"correct":1,"response":"same "}}"""));

        Assert.Equal(1, RecordedGrade.Of(outcomes.Rows[0], new ChatAnswer("b", " same", [])).Score);
        Assert.Equal(0, RecordedGrade.Of(outcomes.Rows[0], new ChatAnswer("a", " same", [])).Score);
        Assert.Equal(new RecordedGrade(0, GradeSource.Recorded, "a"), RecordedGrade.Of(outcomes.Rows[0], new ChatAnswer(null, "same", [])));
        Assert.Equal(GradeSource.Ungraded, RecordedGrade.Of(outcomes.Rows[0], new ChatAnswer("a", "different", [])).Source);
    }

    [Fact]
    public void Tools_of_benchmarks_become_JSON_Schema()
    {
        var tools = RecordedTools.Read("""
            {"name":"requests.get","description":"Gets.","parameters":{"type":"dict","required":["u"],
             "properties":{"u":{"type":"String"},"n":{"type":"float"},"t":{"type":"tuple","items":{"type":"long"}},"x":{"type":"any"},"type":{"type":"dict"}}}}
            """)!;

        Assert.Equal("""
            [{"type":"function","function":{"name":"requests_get","description":"Gets.","parameters":{"type":"object","required":["u"],"properties":{"u":{"type":"string"},"n":{"type":"number"},"t":{"type":"array","items":{"type":"integer"}},"x":{},"type":{"type":"object"}}}}}]
            """, tools.ToJsonString());
        Assert.Equal(2, RecordedTools.Read("""[{"name":"a"},{"name":"b"}]""")!.Count);
        Assert.Null(RecordedTools.Read("""{"name":"cut of"""));
    }

    [Theory]
    [InlineData("bfcl/simple", "bfcl-simple")]
    [InlineData("MMLU Pro / Law", "mmlu-pro-law")]
    [InlineData("gsm8k", "gsm8k")]
    public void A_source_becomes_a_tag(string source, string tag) => Assert.Equal(tag, DriveOptions.NormaliseTag(source));
}
