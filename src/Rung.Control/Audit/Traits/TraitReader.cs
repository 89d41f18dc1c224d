using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rung.Control.Audit.Traits;
using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>Reads from a call what its content tells of the job: hashes, lengths and kinds, nothing that anyone could read again.</summary>
public static class TraitReader
{
    private const int MostOpening = 80;

    /// <summary>Reads the traits of a call. Runs once per imported call; the result is nearly all that it allocates.</summary>
    /// <param name="call">The call, with its content when the log has it.</param>
    /// <param name="keepOpening">Whether content may be shown: then <see cref="CallTraits.Opening"/> is kept.</param>
    public static CallTraits Read(ImportedCall call, bool keepOpening)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Granularity == ImportGranularity.Bucket) return new CallTraits();
        var toolSet = ToolSetHash.Of(call.Tools);
        if (call.Content is not { } content)
        {
            var (shape, key) = OutputReader.Read(null, call.ToolCalls);
            return new CallTraits { ToolSet = toolSet, Output = shape, OutputKey = key };
        }

        var messages = content.Messages.IsDefault ? [] : content.Messages;
        var isPromptKnown = content.System is not null || messages.Length > 0;
        var first = First(messages);
        var template = TemplateReader.Read(content.System, first, out var systemPieces);
        var (output, outputKey) = OutputReader.Read(content.Answer, call.ToolCalls);
        return new CallTraits
        {
            Template = template,
            SystemPieces = systemPieces,
            ToolSet = toolSet,
            Schema = string.IsNullOrWhiteSpace(content.Schema) ? 0 : SchemaHash.Of(content.Schema),
            SystemChars = content.System?.Length ?? (isPromptKnown ? 0 : -1),
            MessageChars = isPromptKnown ? Chars(messages) : -1,
            Messages = isPromptKnown ? messages.Length : -1,
            Output = output,
            OutputKey = outputKey,
            OutputChars = content.Answer?.Length ?? -1,
            Prompt = isPromptKnown ? PromptHash(content.System, messages) : 0,
            Data = Signs(content, messages),
            Opening = keepOpening ? Opening(content.System is { Length: > 0 } system ? system : first) : null,
        };
    }

    /// <summary>The first message of the user; of a conversation that has none, the first of all.</summary>
    private static string? First(ImmutableArray<(string Role, string Text)> messages)
    {
        foreach (var (role, text) in messages)
        {
            if (role is "user" && text is { Length: > 0 }) return text;
        }
        return messages.Length > 0 ? messages[0].Text : null;
    }

    private static int Chars(ImmutableArray<(string Role, string Text)> messages)
    {
        var chars = 0L;
        foreach (var (_, text) in messages) chars += text?.Length ?? 0;
        return (int)Math.Min(chars, int.MaxValue);
    }

    private static ulong PromptHash(string? system, ImmutableArray<(string Role, string Text)> messages)
    {
        var hash = TextHash.Of(system);
        foreach (var (role, text) in messages)
        {
            hash = TextHash.Of(MemoryMarshal.AsBytes(role.AsSpan()), hash);
            hash = TextHash.Of(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        }
        return TextHash.NotZero(hash);
    }

    private static DataSigns Signs(CallContent content, ImmutableArray<(string Role, string Text)> messages)
    {
        var signs = new SignReader();
        // The newest first: of a long conversation the limit then leaves out what earlier calls have shown.
        signs.Look(content.Answer);
        for (var i = messages.Length - 1; i >= 0; i--) signs.Look(messages[i].Text);
        signs.Look(content.System);
        return signs.Signs;
    }

    private static string? Opening(string? prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt)) return null;
        var text = prompt.AsSpan().Trim();
        Span<char> opening = stackalloc char[MostOpening];
        text = text[..Math.Min(text.Length, MostOpening)];
        for (var i = 0; i < text.Length; i++) opening[i] = char.IsControl(text[i]) ? ' ' : text[i];
        // Half a surrogate pair at the end is no character.
        var length = char.IsHighSurrogate(opening[text.Length - 1]) ? text.Length - 1 : text.Length;
        return opening[..length].ToString();
    }
}
