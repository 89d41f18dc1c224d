using System.Collections.Immutable;
using Rung.Control.Audit;
using Rung.Control.Imports;

namespace Rung.Control.Tests.Audit.Traits;

public sealed class TraitReaderTests
{
    private static CallTraits Read(string? system = null, string? user = null, string? answer = null, string? schema = null, string[]? tools = null, string[]? calls = null) =>
        TraitReader.Read(Call(system, user, answer, schema, tools, calls), keepOpening: false);

    private static ImportedCall Call(string? system, string? user, string? answer, string? schema, string[]? tools, string[]? calls) => new()
    {
        Source = "test",
        Key = "1",
        StartedAt = default,
        Provider = "",
        Model = "",
        Tools = tools is null ? default : [.. tools],
        ToolCalls = calls is null ? default : [.. calls],
        Content = new CallContent { System = system, Messages = user is null ? [] : [("user", user)], Schema = schema, Answer = answer },
    };

    [Theory]
    [InlineData(null, OutputShape.Unknown)]
    [InlineData("  \n", OutputShape.Empty)]
    [InlineData("billing", OutputShape.Label)]
    [InlineData("Not at all.", OutputShape.Label)]
    [InlineData("42", OutputShape.Label)]
    [InlineData("{\"a\": 1}", OutputShape.Json)]
    [InlineData("```json\n{\"a\": [1, 2]}\n```", OutputShape.Json)]
    [InlineData("[{\"a\": 1}, {\"b\": 2}]", OutputShape.Json)]
    [InlineData("{\"a\": 1", OutputShape.Text)]
    [InlineData("{not json at all, but it begins like it and goes on for a while}", OutputShape.Text)]
    [InlineData("```python\ndef f():\n    return 1\n```", OutputShape.Code)]
    [InlineData("using System;\npublic class A\n{\n    int b;\n}", OutputShape.Code)]
    [InlineData("The invoice was paid in March, and nothing is open any more.", OutputShape.Text)]
    [InlineData("From here on it is prose.\nLet me explain this, too.", OutputShape.Text)]
    public void An_answer_has_a_shape(string? answer, OutputShape shape)
    {
        Assert.Equal(shape, Read(user: "Hello", answer: answer).Output);
    }

    [Fact]
    public void Tool_calls_without_text_are_a_shape_and_text_beside_them_is_text()
    {
        Assert.Equal(OutputShape.ToolCalls, Read(answer: "", calls: ["search"]).Output);
        Assert.Equal(OutputShape.ToolCalls, TraitReader.Read(Call(null, null, null, null, null, ["search"]) with { Content = null }, keepOpening: false).Output);
        Assert.Equal(OutputShape.Text, Read(answer: "I will search for the order now, one moment.", calls: ["search"]).Output);
        Assert.Equal(Read(answer: "", calls: ["a", "b"]).OutputKey, Read(answer: "", calls: ["b", "a", "a"]).OutputKey);
    }

    [Fact]
    public void Answers_of_one_form_have_one_key()
    {
        Assert.Equal(Read(answer: "Billing").OutputKey, Read(answer: " \"billing.\" ").OutputKey);
        Assert.NotEqual(Read(answer: "billing").OutputKey, Read(answer: "refund").OutputKey);
        Assert.Equal(Read(answer: "{\"a\":1,\"b\":{\"c\":2}}").OutputKey, Read(answer: "```json\n{\"b\": {\"d\": []}, \"a\": null}\n```").OutputKey);
        Assert.NotEqual(Read(answer: "{\"a\":1}").OutputKey, Read(answer: "{\"a\":1,\"b\":1}").OutputKey);
        Assert.NotEqual(Read(answer: "{\"a\":1}").OutputKey, Read(answer: "[{\"a\":1}]").OutputKey);
        Assert.Equal(Read(answer: "[{\"a\":1}]").OutputKey, Read(answer: "[{\"a\":5},{\"a\":6}]").OutputKey);
    }

    [Fact]
    public void A_set_of_tools_has_one_hash_in_any_order()
    {
        Assert.Equal(Read(tools: ["a", "b", "c"]).ToolSet, Read(tools: ["c", "a", "b", "a"]).ToolSet);
        Assert.NotEqual(Read(tools: ["a", "b"]).ToolSet, Read(tools: ["a", "b", "c"]).ToolSet);
        Assert.Equal(0UL, Read(tools: []).ToolSet);
    }

    [Fact]
    public void A_schema_is_the_same_however_it_is_written()
    {
        const string Schema = """{"type":"object","properties":{"a":{"type":"string","description":"one"},"title":{"type":["null","string"]}},"required":["a","title"]}""";
        const string Rewritten = """{ "required": ["title", "a"], "title": "Form", "properties": { "title": { "type": ["string", "null"] }, "a": { "description": "other", "type": "string" } }, "type": "object" }""";
        Assert.Equal(Read(schema: Schema).Schema, Read(schema: Rewritten).Schema);
        Assert.NotEqual(Read(schema: Schema).Schema, Read(schema: Schema.Replace("\"title\":{", "\"name\":{", StringComparison.Ordinal)).Schema);
        Assert.NotEqual(Read(schema: Schema).Schema, Read(schema: Schema.Replace("string\",\"description", "number\",\"description", StringComparison.Ordinal)).Schema);
        Assert.NotEqual(0UL, Read(schema: "no json").Schema);
        Assert.Equal(0UL, Read(schema: null).Schema);
    }

    [Fact]
    public void What_varies_in_a_template_is_masked()
    {
        var one = Read("You help Acme. The user is called Alice Johnson, id 4711, since 2026-01-02. Mail alice@example.com, see https://example.com/a?b=c.", "Summarise \"the first text\" please.");
        var two = Read("You help Acme. The user is called Bob Miller, id 99, since 2025-11-30. Mail bob@test.org, see https://test.org/x.", "Summarise \"another, longer one\" please.");
        Assert.Equal(one.Template.AsEnumerable(), two.Template.AsEnumerable());
        Assert.Equal(one.SystemPieces, two.SystemPieces);
        Assert.NotEqual(one.Template.AsEnumerable(), Read("You hinder Acme. The user is called Bob Miller.", "Summarise it.").Template.AsEnumerable());
    }

    [Fact]
    public void A_template_has_at_most_64_pieces_and_keeps_what_stands_at_the_end()
    {
        var document = string.Join(' ', Enumerable.Range(0, 500).Select(i => $"Sentence {(char)('a' + (i % 26))}{(char)('a' + (i / 26))} stands here alone."));
        var one = Read(document, document + "\n\nNow list the risks in it.");
        var two = Read(document, document + "\n\nNow praise the author of it.");
        Assert.InRange(one.Template.Length, 40, 64);
        Assert.NotEqual(one.Template[^1], two.Template[^1]);
        Assert.Equal(one.Template[..^1].AsEnumerable(), two.Template[..^1].AsEnumerable());
    }

    [Fact]
    public void Sizes_say_when_they_are_not_in_the_log()
    {
        var none = TraitReader.Read(Call(null, null, null, null, null, null) with { Content = null }, keepOpening: true);
        Assert.Equal((-1, -1, -1, -1, 0UL), (none.SystemChars, none.MessageChars, none.Messages, none.OutputChars, none.Prompt));
        var some = Read(user: "Hello", answer: "Hi");
        Assert.Equal((0, 5, 1, 2), (some.SystemChars, some.MessageChars, some.Messages, some.OutputChars));
    }

    [Fact]
    public void The_opening_is_kept_only_when_content_may_be_shown()
    {
        var call = Call("You are\na planner of trips. " + new string('x', 200), "Go", "Ok", null, null, null);
        Assert.Null(TraitReader.Read(call, keepOpening: false).Opening);
        var opening = TraitReader.Read(call, keepOpening: true).Opening!;
        Assert.StartsWith("You are a planner of trips.", opening, StringComparison.Ordinal);
        Assert.Equal(80, opening.Length);
    }

    [Fact]
    public void The_prompt_hash_tells_the_same_messages_again()
    {
        Assert.Equal(Read("A", "B").Prompt, Read("A", "B", "other answer").Prompt);
        Assert.NotEqual(Read("A", "B").Prompt, Read("A", "B 1").Prompt);
        Assert.NotEqual(Read("A", "B").Prompt, Read("B", "A").Prompt);
    }

    [Theory]
    [InlineData("Write to jane.doe@example.co.uk today", DataSigns.Email)]
    [InlineData("the @mention of a user, or a@b", DataSigns.None)]
    [InlineData("Call +49 30 901820 now", DataSigns.Phone)]
    [InlineData("Call (555) 234-5678 now", DataSigns.Phone)]
    [InlineData("Call 555-234-5678 now", DataSigns.Phone)]
    [InlineData("Built on 2026-11-22 10:15, version 10.0.401, order 12345678", DataSigns.None)]
    [InlineData("Card 4111 1111 1111 1111 exp 10/28", DataSigns.Card)]
    [InlineData("Card 378282246310005", DataSigns.Card)]
    [InlineData("Card 4111 1111 1111 1112", DataSigns.None)]
    [InlineData("at 1732262400000 milliseconds", DataSigns.None)]
    [InlineData("IBAN DE89 3704 0044 0532 0130 00 please", DataSigns.BankAccount)]
    [InlineData("IBAN GB82WEST12345698765432", DataSigns.BankAccount)]
    [InlineData("IBAN GB82WEST12345698765433", DataSigns.None)]
    [InlineData("SSN 123-45-6789", DataSigns.NationalId)]
    [InlineData("part 000-45-6789", DataSigns.None)]
    [InlineData("key sk-proj-Abcdefghijklmnop1234567890", DataSigns.Secret)]
    [InlineData("use the sk-learn-compatible package", DataSigns.None)]
    [InlineData("password: hunter2!x", DataSigns.Secret)]
    [InlineData("password: <your password>", DataSigns.None)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----", DataSigns.Secret)]
    [InlineData("Be patient.", DataSigns.None)]
    [InlineData("The patient got a diagnosis of hypertension and a prescription.", DataSigns.Health)]
    [InlineData("The plaintiff sued.", DataSigns.None)]
    [InlineData("The plaintiff and the defendant agreed on arbitration.", DataSigns.Legal)]
    [InlineData("STRICTLY CONFIDENTIAL draft", DataSigns.Legal)]
    public void Signs_of_sensitive_data_are_seen_and_everyday_text_is_not_one(string text, DataSigns signs)
    {
        Assert.Equal(signs, Read(user: text).Data);
        Assert.Equal(signs, Read(user: "Hello", answer: text + " That is what was found in the files of the case.").Data);
    }

    [Fact]
    public void A_bucket_has_no_traits()
    {
        var bucket = Call("a@b.com", "x", "y", null, ["t"], null) with { Granularity = ImportGranularity.Bucket };
        Assert.Equal(DataSigns.None, TraitReader.Read(bucket, keepOpening: true).Data);
        Assert.Empty(TraitReader.Read(bucket, keepOpening: true).Template);
    }
}
