using System.Text.Json;
using Rung.Control.Imports;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Tests.Imports.Reading;

public sealed class ChatReadingTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"developer","content":"S"},{"role":"user","content":[{"type":"text","text":"U"},{"type":"image_url","image_url":{"url":"x"}}]}],"max_completion_tokens":9,"temperature":0.5,"tools":[{"type":"function","function":{"name":"f"}}]}""")]
    [InlineData("""{"instructions":"S","input":[{"role":"user","content":[{"type":"input_text","text":"U"}]}],"max_output_tokens":9,"temperature":"0.5","tools":[{"type":"function","name":"f"}]}""")]
    [InlineData("""{"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"U"}],"max_tokens":9,"temperature":0.5,"tools":[{"name":"f","input_schema":{}}]}""")]
    [InlineData("""{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"U"}]}],"generationConfig":{"temperature":0.5,"maxOutputTokens":9},"tools":[{"functionDeclarations":[{"name":"f"}]}]}""")]
    public void Requests_of_every_dialect_say_the_same(string request)
    {
        var chat = new ChatReading();
        chat.AddRequest(JsonElement.Parse(request));
        var call = chat.ApplyTo(Bare());

        Assert.Equal("S", call.Content!.System);
        Assert.Equal([("user", "U")], call.Content.Messages.ToArray());
        Assert.Equal((0.5, 9), (call.Temperature, call.MaxTokens));
        Assert.Equal(["f"], call.Tools.ToArray());
        Assert.Null(call.Content.Answer);
    }

    [Theory]
    [InlineData("""{"choices":[{"finish_reason":"tool_calls","message":{"role":"assistant","content":"A","tool_calls":[{"function":{"name":"f"}}]}}]}""")]
    [InlineData("""{"object":"response","status":"completed","output":[{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"A"}]},{"type":"function_call","name":"f"}]}""")]
    [InlineData("""{"type":"message","role":"assistant","stop_reason":"tool_use","content":[{"type":"thinking","thinking":"…"},{"type":"text","text":"A"},{"type":"tool_use","name":"f","input":{}}]}""")]
    [InlineData("""{"candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[{"text":"A"},{"functionCall":{"name":"f"}}]}}]}""")]
    [InlineData("""[{"type":"text","text":"A"},{"type":"tool_call","name":"f","arguments":"{}"}]""")]
    public void Answers_of_every_dialect_say_the_same(string reply)
    {
        var chat = new ChatReading();
        chat.AddReply(JsonElement.Parse(reply));
        var call = chat.ApplyTo(Bare());

        Assert.Equal("A", call.Content!.Answer);
        Assert.Equal(["f"], call.ToolCalls.ToArray());
    }

    [Theory]
    [InlineData("""{"label":"spam","score":0.9}""")]
    [InlineData("[1,2]")]
    public void Json_of_no_dialect_is_the_answer_itself(string reply)
    {
        var chat = new ChatReading();
        chat.AddReply(JsonElement.Parse(reply));

        Assert.Equal(reply, chat.ApplyTo(Bare()).Content!.Answer);
    }

    private static ImportedCall Bare() => new() { Source = "x", Key = "k", StartedAt = DateTimeOffset.UnixEpoch, Provider = "", Model = "" };
}
