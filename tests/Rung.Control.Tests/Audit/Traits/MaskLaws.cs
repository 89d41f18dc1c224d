using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit.Traits;

namespace Rung.Control.Tests.Audit.Traits;

/// <summary>What masking must never do, attacked with texts made of what templates are made of.</summary>
public sealed class MaskLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 9).WithMaxTest(3_000);

    private static readonly Gen<string> Text = Gen.Elements(
        "word", "Word", "ALLCAPS", "Alice", "Bob", "4711", "a1", "x@y.com", "http://a.b/c", "/etc/passwd", "a/b", "a/b/c", "\"", "'", "`", "```", "\"\"\"", "“", "”", "«", "»", ".", ":", "!", "?", ",", ";", "(", ")", "<Doc>", "{Name}",
        "[X]", "-", "--", "#", "^", "~", "@", "*", "\"*\"", "é", "Ä", "ß", "İ", "你好", "。", "请总结", "\u00a0", "\u2028", "🙂", "dGhpc2lzYXZlcnlsb25nYmFzZXNpeHR5Zm91cnN0cmluZ3dpdGhvdXRkaWdpdHM")
        .SelectMany(_ => Gen.Elements("", " ", "\n", "  ", "\t"), (part, gap) => part + gap).ListOf().Select(string.Concat);

    [Fact]
    public void Masking_a_masked_text_changes_nothing() => Prop.ForAll(Text.ToArbitrary(), text =>
    {
        var once = TemplateReader.Mask(text);
        return (TemplateReader.Mask(once) == once).Label($"«{text}» → «{once}» → «{TemplateReader.Mask(once)}»");
    }).Check(Fixed);

    [Fact]
    public void Any_text_is_read_to_its_end_into_at_most_64_pieces() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), Text.ToArbitrary(), (system, message) =>
    {
        var pieces = TemplateReader.Read(system, message, out var ofSystem);
        return pieces.Length <= TemplateReader.MostPieces && ofSystem <= pieces.Length;
    }).Check(Fixed);

    [Theory]
    [InlineData("Translate this to French: bonjour", "translate this to ^:\nbonjour\n")]
    [InlineData("Ticket 4711 of Alice Johnson, see /var/log/x.", "ticket # of ^, see ~.\n")]
    [InlineData("Use <Document> and {Name}. Say \"hello. you\" twice!", "use <document> and {name}.\nsay \"*\" twice!\n")]
    [InlineData("See ```\nlong\nblock\n``` Explain it.", "see ```*```\nexplain it.\n")]
    [InlineData("请总结。请翻译。", "请总结。\n请翻译。\n")]
    public void A_text_is_masked_as_the_rules_say(string text, string masked) => Assert.Equal(masked, TemplateReader.Mask(text));
}
