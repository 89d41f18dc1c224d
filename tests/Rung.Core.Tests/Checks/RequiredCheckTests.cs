using Rung.Core.Checks;

namespace Rung.Core.Tests.Checks;

public sealed class RequiredCheckTests
{
    [Fact]
    public void Fields_that_are_present_and_not_null_pass() =>
        Assert.True(Some.Passes(Some.Required("intent", "slots.0.name"), """{"intent": "", "slots": [{"name": false}]}"""));

    [Fact]
    public void Every_missing_and_every_null_field_is_named()
    {
        var detail = Some.Detail(Some.Required("a", "b.c", "list.2", "d"), """{"a": null, "b": {}, "list": [1, 2], "d": 1}""");
        Assert.Equal("Required fields of the answer: a is null, b.c is missing, list.2 is missing.", detail);
    }

    [Fact]
    public void A_number_is_a_position_in_an_array_and_a_name_in_an_object() =>
        Assert.True(Some.Passes(Some.Required("x.0.1"), """{"x": [{"1": true}]}"""));

    [Theory]
    [InlineData("[1]", "is an array")]
    [InlineData("\"a\"", "is a string")]
    [InlineData("null", "is null")]
    [InlineData("nonsense", "not JSON")]
    public void Anything_but_an_object_fails(string content, string reason) => Assert.Contains(reason, Some.Detail(Some.Required("a"), content));

    [Fact]
    public void Of_two_members_with_one_name_the_last_counts()
    {
        Assert.True(Some.Passes(Some.Required("a"), """{"a": null, "a": 1}"""));
        Assert.False(Some.Passes(Some.Required("a"), """{"a": 1, "a": null}"""));
    }

    [Fact]
    public void No_fields_and_empty_steps_are_faults()
    {
        Assert.Null(CheckFactory.Required([], out var none));
        Assert.Contains("at least one", none);
        Assert.Null(CheckFactory.Required(["a..b"], out var empty));
        Assert.Contains("'a..b' has an empty step", empty);
    }

    [Fact]
    public void The_name_lists_the_fields() => Assert.Equal("required a, b.c", Some.Required("a", "b.c").Name);
}
