namespace Rung.Core.Tests.Checks.Schema.Formats;

/// <summary>Hosts, addresses and mail.</summary>
public sealed class NameFormatTests
{
    private static readonly string Longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));

    [Theory]
    [InlineData("hostname", "a")]
    [InlineData("hostname", "3com.example")]
    [InlineData("hostname", "r3---sn-4g5e.example")]
    [InlineData("hostname", "XN--MNCHEN-3YA.example")]
    [InlineData("hostname", "Example.COM")]
    [InlineData("idn-hostname", "Example.COM")]
    [InlineData("idn-hostname", "münchen.example")]
    [InlineData("idn-hostname", "例え。テスト")]
    [InlineData("idn-hostname", "نامه\u200Cای.example")] // A non-joiner between joining letters, as Persian writes.
    [InlineData("idn-hostname", "אבג.קום")]
    [InlineData("ipv4", "192.0.2.235")]
    [InlineData("ipv6", "2001:db8::8:800:200c:417a")]
    [InlineData("ipv6", "::13.1.68.3")]
    [InlineData("ipv6", "1:2:3:4:5:6:7::")]
    [InlineData("email", "a@b")]
    [InlineData("email", "first.last+tag@example.org")]
    [InlineData("email", "\"with \\\"quotes\\\" and @\"@example.org")]
    [InlineData("email", "\"\"@example.org")]
    [InlineData("email", "a@[ipv6:2001:db8::1]")]
    [InlineData("idn-email", "用户@例子.example")]
    [InlineData("idn-email", "\"用 户\"@example.org")]
    public void Names_by_their_RFC_pass(string format, string text) => FormatRules.Passes(format, text);

    [Theory]
    [InlineData("hostname", "münchen.example")]
    [InlineData("hostname", "xn--mnchen-3ya-.example")]
    [InlineData("hostname", "xn--.example")]
    [InlineData("hostname", "xn--a.example")]
    [InlineData("hostname", "a..b")]
    [InlineData("hostname", "a.-b")]
    [InlineData("idn-hostname", "München.example")] // Capitals are not part of a U-label.
    [InlineData("idn-hostname", "ﬁn.example")] // A ligature falls apart under NFKC.
    [InlineData("idn-hostname", "☃.example")]
    [InlineData("idn-hostname", "ab--ü.example")]
    [InlineData("idn-hostname", "אבגa.example")]
    [InlineData("ipv4", "192.0.2")]
    [InlineData("ipv4", "192.0.2.01")]
    [InlineData("ipv4", "192.0.2.256")]
    [InlineData("ipv4", "192.0.2.1.")]
    [InlineData("ipv6", "1:2:3:4:5:6:7:8::")]
    [InlineData("ipv6", "1::2::3")]
    [InlineData("ipv6", ":::")]
    [InlineData("ipv6", "1.2.3.4::")]
    [InlineData("ipv6", "::1%eth0")]
    [InlineData("email", "a.@example.org")]
    [InlineData("email", "a b@example.org")]
    [InlineData("email", "\"a\"b\"@example.org")]
    [InlineData("email", "\"a\\\"@example.org")]
    [InlineData("email", "a@example.org.")]
    [InlineData("email", "a@[1.2.3]")]
    [InlineData("email", "用户@example.org")]
    public void Names_against_their_RFC_fail(string format, string text) => FormatRules.Fails(format, text);

    [Fact]
    public void A_name_has_at_most_253_octets_and_a_label_at_most_63()
    {
        FormatRules.Passes("hostname", Longest);
        FormatRules.Passes("idn-hostname", Longest);
        FormatRules.Fails("hostname", Longest + "d");
        FormatRules.Fails("idn-hostname", Longest + "d");
        FormatRules.Fails("idn-hostname", $"{new string('ü', 60)}.example");
        FormatRules.Fails("email", $"{new string('a', 65)}@example.org");
        FormatRules.Fails("idn-email", $"{new string('ü', 33)}@example.org");
        FormatRules.Passes("idn-email", $"{new string('ü', 32)}@example.org");
    }

    [Theory]
    [InlineData("bücher", "xn--bcher-kva")]
    [InlineData("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l")]
    public void A_label_and_its_encoded_form_pass_alike(string label, string encoded)
    {
        FormatRules.Passes("idn-hostname", label);
        FormatRules.Passes("idn-hostname", encoded);
        FormatRules.Passes("hostname", encoded);
    }
}
