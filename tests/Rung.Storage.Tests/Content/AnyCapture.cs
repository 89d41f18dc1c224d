using System.Globalization;
using System.Text;
using Rung.Storage.Content;

namespace Rung.Storage.Tests.Content;

/// <summary>Captured calls for tests.</summary>
internal static class AnyCapture
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The id of the n-th call: one a minute, from noon on.</summary>
    public static string Id(int number) =>
        AnyCall.IdOf(Noon.AddMinutes(number), new Guid(number, 0, 0, new byte[8]));

    public static CapturedCall Of(int number, string? tag = "summarize", string? session = null, string? user = null, string text = "What is new?") => new()
    {
        CallId = Id(number), StartedAt = Noon.AddMinutes(number), ExpiresAt = Noon.AddMinutes(number).AddDays(30), Tag = tag, Route = tag ?? "default",
        Session = session, User = user, DataClass = number % 2 == 0 ? null : "internal", SampledAt = 0.25, PolicyRevision = 7, Redactions = number % 3,
        Request = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{text}} {{number.ToString(CultureInfo.InvariantCulture)}}"}]}"""),
        Answers =
        [
            new CapturedAnswer
            {
                Ordinal = 0, Model = "haiku", Tier = "small", Served = false, Passed = false, Score = 0.125, FinishReason = "length",
                Message = Encoding.UTF8.GetBytes($$"""{"content":"No: {{text}}"}"""),
            },
            new CapturedAnswer { Ordinal = 2, Model = "opus", Tier = "frontier", Served = true, Passed = true, Message = """{"content":"Yes"}"""u8.ToArray() },
        ],
    };

    /// <summary>Two calls are the same, with content.</summary>
    public static void Same(CapturedCall expected, CapturedCall? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Flat(expected), Flat(actual));
        Assert.Equal(Text(expected.Request), Text(actual.Request));
        Assert.Equal(expected.Answers.Select(answer => (answer with { Message = default }, Text(answer.Message))),
            actual.Answers.Select(answer => (answer with { Message = default }, Text(answer.Message))));
    }

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static CapturedCall Flat(CapturedCall call) => call with { Request = default, Answers = [] };
}
