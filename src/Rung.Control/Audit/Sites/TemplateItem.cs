using Rung.Control.Audit.Traits;

namespace Rung.Control.Audit.Sites;

/// <summary>What a piece of evidence is.</summary>
internal enum ItemKind : byte
{
    /// <summary>A piece of the system prompt.</summary>
    System,
    /// <summary>A piece of the first message.</summary>
    Message,
    /// <summary>The set of tools.</summary>
    Tools,
    /// <summary>The schema.</summary>
    Schema,
    /// <summary>The form of output that was asked for.</summary>
    Request,
}

/// <summary>One piece of evidence of what made a call.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its hash; of a piece as in <see cref="TemplatePiece"/>.</param>
internal readonly record struct TemplateItem(ItemKind Kind, ulong Value)
{
    private const ulong SystemSalt = 0x5D3A_91C7_06E2_4B80;

    /// <summary>One number for kind and value. A sentence in the system prompt is another one than in a message.</summary>
    public ulong Key => Kind switch
    {
        ItemKind.System => Value ^ SystemSalt,
        ItemKind.Message => Value,
        _ => TextHash.Join((ulong)Kind, Value),
    };

    /// <summary>Whether it is text of the prompt.</summary>
    public bool IsText => Kind is ItemKind.System or ItemKind.Message;

    /// <summary>Whether it is a sentence, and no opening and no scrap of one or two words.</summary>
    public bool IsSentence => IsText && (Value & 0xF) > 2;

    /// <summary>How much it says: a sentence 1, a scrap a quarter of that, tools and schemas as much as three sentences.</summary>
    public double Weight => Kind switch
    {
        ItemKind.Tools or ItemKind.Schema => 3,
        ItemKind.Request => 0.5,
        _ => new TemplatePiece(Value) switch { { IsOpening: true } => 0.25, { Words: <= 2 } => 0.25, _ => 1 },
    };

    /// <summary>The text items of a call, in their order, each once.</summary>
    public static int Of(CallTraits traits, Span<TemplateItem> items)
    {
        var count = 0;
        for (var i = 0; i < traits.Template.Length && count < items.Length; i++)
        {
            var item = new TemplateItem(i < traits.SystemPieces ? ItemKind.System : ItemKind.Message, traits.Template[i]);
            if (items[..count].IndexOf(item) < 0) items[count++] = item;
        }
        return count;
    }
}
