using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Gateway.Judging;
using Rung.Gateway.Streaming;

namespace Rung.Gateway.Tests.Streaming;

/// <summary>What is watched while a stream arrives is what is judged at its end, however it is cut, escaped and mixed with other choices.</summary>
public sealed class ContentDeltaLawTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 7).WithMaxTest(300);

    private static readonly JsonSerializerOptions Escaping = new() { Encoder = JavaScriptEncoder.Default };
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Delta(int Choice, string Text, bool Escaped, bool AsParts, bool IndexFirst);

    private static readonly Gen<Delta> AnyDelta =
        from choice in Gen.Elements(0, 0, 0, 1)
        from text in Gen.Elements("", "plain", "é", "😀", "a\"b\\c\n", "{\"content\":\"x\"}", "\u0001", "data: [DONE]")
        from escaped in Gen.Elements(true, false)
        from parts in Gen.Elements(true, false)
        from first in Gen.Elements(true, false)
        select new Delta(choice, text, escaped, parts, first);

    private static string Event(Delta delta)
    {
        var text = JsonSerializer.Serialize(delta.Text, delta.Escaped ? Escaping : Relaxed);
        var content = delta.AsParts ? $$"""[{"type":"text","text":{{text}}},7,{"other":[{"text":"no"}]}]""" : text;
        var body = $$$"""{"role":"assistant","refusal":null,"content":{{{content}}}}""";
        return delta.IndexFirst
            ? $$$"""data: {"id":"c","choices":[{"index":{{{delta.Choice}}},"delta":{{{body}}},"finish_reason":null}]}""" + "\n\n"
            : $$$"""data:{"choices":[{"logprobs":{"content":[{"token":"no"}]},"delta":{{{body}}},"index":{{{delta.Choice}}}}],"usage":{"content":"no"}}""" + "\r\n\r\n";
    }

    [Fact]
    public void What_is_watched_is_what_is_judged() =>
        Prop.ForAll(AnyDelta.ListOf().ToArbitrary(), deltas =>
        {
            // Choice 0 is always there.
            var events = deltas.Prepend(new Delta(0, "begin", Escaped: false, AsParts: false, IndexFirst: true)).Select(Event).ToList();
            var watched = new MemoryStream();
            var reader = new ContentDeltas();
            foreach (var piece in events) reader.Read(Encoding.UTF8.GetBytes(piece), watched, static (text, to) => to.Write(text));
            var judged = AnswerReader.FromStream(Encoding.UTF8.GetBytes(string.Concat(events)), [], context: null)!;
            return reader.IsReadable && judged[0].Content.Span.SequenceEqual(watched.ToArray());
        }).Check(Fixed);

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n", "\ufffd")] // Half a character, and the other half never came.
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\n\n", null)]
    public void An_event_that_cannot_be_read_ends_the_watch_and_dooms_nothing(string events, string? judged)
    {
        var reader = new ContentDeltas();

        reader.Read(Encoding.UTF8.GetBytes(events), 0, static (_, _) => { });

        Assert.False(reader.IsReadable);
        var answers = AnswerReader.FromStream(Encoding.UTF8.GetBytes(events), [], context: null);
        Assert.Equal(judged, answers is [var answer] ? Encoding.UTF8.GetString(answer.Content.Span) : null);
    }
}
