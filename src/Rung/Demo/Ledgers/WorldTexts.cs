using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Demo.Ledgers;

/// <summary>How good an answer is.</summary>
internal enum WorldAnswer
{
    /// <summary>Right.</summary>
    Right,
    /// <summary>Wrong in right form.</summary>
    Wrong,
    /// <summary>Wrong in form: a check fails it.</summary>
    Malformed,
}

/// <summary>Prompts and answers of the few jobs whose content is kept, made by the simulated agents of <c>rung demo</c>.</summary>
internal static class WorldTexts
{
    private const int Cap = 200;
    private static readonly JsonSerializerOptions s_plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The step of a session of that tag; null where the content of such calls is not made.</summary>
    /// <param name="seed">Decides the text.</param>
    /// <param name="session">Name of the session: <c>support-0042</c>.</param>
    /// <param name="tag">The tag.</param>
    public static DemoStep? StepOf(long seed, string session, string tag)
    {
        if (!int.TryParse(session.AsSpan(session.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var made = tag switch
        {
            "classify-ticket" or "draft-reply" => SupportJobs.Session(seed, number),
            "synthesize-answer" => ResearchJobs.Session(seed, number),
            _ => null,
        };
        return made?.Steps.LastOrDefault(step => step.Job.Tag == tag);
    }

    /// <summary>The request, as a client sends it.</summary>
    public static byte[] Request(DemoStep step) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        messages = new object[] { new { role = "system", content = step.Job.Instruction }, new { role = "user", content = step.Prompt } },
        max_tokens = step.Job.MaxTokens,
    }, s_plainly);

    /// <summary>An answer, as a message.</summary>
    public static byte[] Message(string content) => JsonSerializer.SerializeToUtf8Bytes(new { role = "assistant", content }, s_plainly);

    /// <summary>The text of an answer.</summary>
    /// <param name="step">What was asked.</param>
    /// <param name="how">How good it is.</param>
    public static string Answer(DemoStep step, WorldAnswer how)
    {
        var right = step.Job.Answer(step.Prompt);
        return how switch
        {
            WorldAnswer.Malformed when step.Job.Faults.Count > 0 => SimulatedFaults.Apply(step.Job.Faults[0], right, step.Prompt, Cap),
            WorldAnswer.Wrong when step.Job.OtherAnswers.FirstOrDefault(other => other != right) is { } other => other,
            WorldAnswer.Wrong => Useless(right),
            _ => right,
        };
    }

    /// <summary>Whether a text holds an answer that says nothing: what the simulated judge looks for.</summary>
    public static bool IsUseless(string text) => text.Contains(Empty, StringComparison.Ordinal) || text.Contains("[CUSTOMER NAME]", StringComparison.Ordinal);

    /// <summary>Decodes the text of a message that <see cref="Message"/> wrote.</summary>
    public static string TextOf(ReadOnlySpan<byte> message)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(message));
        return document.RootElement.GetProperty("content").GetString() ?? "";
    }

    private const string Empty = "We have seen your message and will see what can be done.";

    private static string Useless(string right) => $"Hello,\n\n{Empty} {right[..Math.Min(40, right.Length)].ReplaceLineEndings(" ")} ... Please write again if you hear nothing within a few weeks, and have a look at our pages in the meantime.";
}
