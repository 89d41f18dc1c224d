using System.Text;
using Rung.Core.Guarantees;

namespace Rung.Core.Tests.Guarantees;

public sealed class CertificateFileTests
{
    internal static Certificate Some(string rule) => new()
    {
        Tag = "t", Date = new DateOnly(2026, 11, 22), Weak = new("a", "a"), Strong = new("b", "b"), QualityLoss = 0.02, Confidence = 0.95, Test = RiskTest.Betting,
        RuleSha256 = rule, Rule = ["json", "climbs on check_failed"], Files = [new("outcomes.jsonl", "ab")], Rows = 500, Groups = 400, Loss = 0.004, Bound = 0.019, KeptShare = 0.5,
        Threshold = 0.62, CostNanoUsd = 1234, CostLowNanoUsd = 1000, CostHighNanoUsd = 1500, CostShare = 0.25,
    };

    [Fact]
    public void What_was_written_is_read_again()
    {
        var bytes = CertificateFile.Write(Some("ff"));

        var read = CertificateFile.Read(bytes, out var fault);

        Assert.Null(fault);
        Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(CertificateFile.Write(read!)));
        Assert.Equal((0.62, "ff", 400, RiskTest.Betting), (read!.Threshold, read.RuleSha256, read.Groups, read.Test));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "no certificate")]
    [InlineData("{\"passed\": true}", "no certificate")]
    [InlineData("{\"rung_certificate\": 2}", "format is 2")]
    [InlineData("{\"rung_certificate\": 1}", "missing")]
    [InlineData("{\"rung_certificate\": 1, \"tag\": 3}", "missing")]
    public void What_is_no_certificate_is_told(string text, string expected)
    {
        Assert.Null(CertificateFile.Read(Encoding.UTF8.GetBytes(text), out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_a_sample_size_or_a_level_is_none()
    {
        foreach (var broken in new[] { Some("ff") with { Rows = 0 }, Some("ff") with { Confidence = 0 }, Some("ff") with { QualityLoss = 1 } })
            Assert.Null(CertificateFile.Read(CertificateFile.Write(broken), out _));
    }
}
