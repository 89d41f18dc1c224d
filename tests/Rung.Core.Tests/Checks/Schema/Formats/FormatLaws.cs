using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Checks.Schema.Formats;

namespace Rung.Core.Tests.Checks.Schema.Formats;

/// <summary>What holds of every format, whatever the text.</summary>
public sealed class FormatLaws
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20_261_122, 7);

    /// <summary>Beginnings that lead deep into the rules, for texts that random characters never reach.</summary>
    private static readonly string[] Pieces =
    [
        "2026-11-22", "T", "23:59:60", "Z", "+01:00", "P1Y", "xn--", "-", ".", "@", "\"", "\\", "[", "]", "::", "1:", "255.", "http://", "%4", "%41", "{", "}", "{a",
        "(", "(?", "(?<", "<a>", "\\k", "\\p{", "\\u{", "a{2,", "~0", "/", "#", "0", "é", "א", "ا", "\u200C", "\u0301", "\u302E", "😀", "\uD800", "\uDC00", "\0", "·", "l",
    ];

    private static readonly Arbitrary<string> Texts = Gen.ListOf(Gen.OneOf(
        Gen.Elements(Pieces), Gen.Choose(0, 0x17F).Select(unit => ((char)unit).ToString()), Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString())))
        .Select(parts => string.Concat(parts)).ToArbitrary();

    [Fact]
    public void No_text_makes_a_format_throw_and_the_verdict_is_always_the_same() =>
        Prop.ForAll(Texts, text => FormatRules.Names.All(format => FormatRules.Find(format)(text) == FormatRules.Find(format)(new string(text.AsSpan())))).Check(Seeded);

    [Fact]
    public void What_holds_of_an_ASCII_form_holds_of_its_international_form() =>
        Prop.ForAll(Texts, text => Implies("uri", "iri", text) && Implies("uri-reference", "iri-reference", text) && Implies("uri", "uri-reference", text)
            && Implies("iri", "iri-reference", text) && Implies("hostname", "idn-hostname", text) && Implies("email", "idn-email", Plain(text))).Check(Seeded);

    [Fact]
    public void A_line_feed_at_the_end_is_never_overlooked()
    {
        var samples = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["date-time"] = "2026-11-22T04:00:00Z", ["date"] = "2026-11-22", ["time"] = "04:00:00Z", ["duration"] = "P1D", ["email"] = "a@b.example", ["idn-email"] = "ü@b.example",
            ["hostname"] = "a.example", ["idn-hostname"] = "ü.example", ["ipv4"] = "1.2.3.4", ["ipv6"] = "::1", ["uri"] = "a:b", ["uri-reference"] = "b", ["iri"] = "a:ü",
            ["iri-reference"] = "ü", ["uri-template"] = "{a}", ["uuid"] = "123e4567-e89b-12d3-a456-426614174000", ["relative-json-pointer"] = "1",
        };
        Assert.All(samples, sample =>
        {
            FormatRules.Passes(sample.Key, sample.Value);
            FormatRules.Fails(sample.Key, sample.Value + "\n");
        });
    }

    /// <summary>Would take hours if one rule went over the text again for every piece; a limit on time would only measure the machine.</summary>
    [Fact]
    public void Two_hundred_thousand_characters_of_anything_end()
    {
        foreach (var piece in Pieces)
        {
            var text = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));
            Assert.All(FormatRules.Names, format => FormatRules.Find(format)(text));
        }
    }

    /// <summary>Optimised code allocates nothing at all; before that the runtime boxes the arguments of its own generic searches.</summary>
    [Fact]
    public void What_a_format_allocates_does_not_grow_with_the_text()
    {
        foreach (var format in FormatRules.Names.Except(["regex"]))
        {
            var rule = FormatRules.Find(format);
            foreach (var text in new[] { "2026-11-22T04:00:00." + new string('1', 20_000) + "Z", new string('a', 20_000), "/" + new string('0', 20_000) })
            {
                var least = long.MaxValue; // The runtime's own work, such as compiling again, is booked to the thread that happens to run it.
                for (var round = 0; round < 20; round++)
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    rule(text);
                    least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
                }
                Assert.True(least < 1_000, $"{format}: {least} bytes");
            }
        }
    }

    [Fact]
    public void Half_a_character_is_no_character() // Not a theory: such a text does not survive the metadata of an attribute.
    {
        FormatRules.Fails("idn-hostname", "\uD800a.example");
        FormatRules.Fails("idn-email", "\uDC00@example.org");
        FormatRules.Fails("idn-email", "\"\uD800\"@example.org");
        FormatRules.Fails("iri", "http://h/\uD800");
        FormatRules.Fails("uri-template", "a\uDC00");
    }

    [Fact]
    public void An_unknown_format_passes_and_says_so()
    {
        Assert.False(SchemaFormats.TryFind("no-such-format", out var rule));
        Assert.True(rule("anything"));
        Assert.False(SchemaFormats.TryFind("Date", out _));
    }

    private static bool Implies(string narrow, string wide, string text) => !FormatRules.Find(narrow)(text) || FormatRules.Find(wide)(text);

    /// <summary>Without A-labels: mail by RFC 5321 does not look at what they encode, internationalised mail does.</summary>
    private static string Plain(string text) => text.Replace("xn--", "", StringComparison.OrdinalIgnoreCase);
}
