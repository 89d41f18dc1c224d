using Rung.Commands.Audit;
using Rung.Control.Audit;
using Rung.Control.Tests.Audit.Rating;
using Rung.Control.Tests.Audit.Report;

namespace Rung.Tests.Audit;

/// <summary>The report on a terminal.</summary>
public sealed class AuditTableTests
{
    [Fact]
    public void A_report_is_one_screen_of_a_hundred_columns_that_a_finance_person_understands()
    {
        var calls = Enumerable.Range(0, 60_000).Select(i => Priced.Call(input: 40_000, output: 800) with
        {
            Tag = (i % 20) switch { < 12 => "extract-invoice-lines", < 16 => "plan", < 19 => null, _ => $"rare-{i % 7}" }, StartedAt = Priced.Start.AddMinutes(i / 5.0),
        }).Append(Priced.Call("nobody-knows", 12_000, 5) with { Tag = "plan" });
        var report = SomeAudit.Of(calls, site => site.Tag == "plan" ? SomeAudit.Unmoved(site) : SomeAudit.Moved(site), SomeAudit.Frame with { InvoiceNanoUsd = 9_000_000_000_000 });

        var text = Text(report, new AuditTableOptions(Next: [("rung audit logs/ --policy rung.yaml", "a policy with every proposal in it, marked as not proved")]));

        Assert.Equal(Expected.ReplaceLineEndings("\n").Trim(), text.ReplaceLineEndings("\n").Trim());
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Names_from_logs_cannot_move_the_cursor_and_long_ones_are_cut()
    {
        var hostile = "\u001b[2J" + new string('x', 300);
        var report = SomeAudit.Of([Priced.Call(hostile) with { Tag = hostile }, Priced.Call() with { Tag = hostile + "2" }], site => SomeAudit.Moved(site) with
        {
            Reasons = [$"It says {hostile}."], Model = hostile, ProposedTier = "mid\u0007",
        });

        var text = Text(report, new AuditTableOptions());

        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u0007', text);
        Assert.Contains("·[2Jxxxx", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rest_is_one_line_unless_every_job_is_asked_for()
    {
        var report = SomeAudit.Of(Enumerable.Range(0, 400).Select(i => Priced.Call(input: 1_000 + i % 20) with { Tag = $"job-{i % 20:00}" }));

        Assert.Contains("the rest (10 jobs)", Text(report, new AuditTableOptions()), StringComparison.Ordinal);
        var all = Text(report, new AuditTableOptions(ShowsAll: true));
        for (var job = 0; job < 20; job++) Assert.Contains($"job-{job:00} ", all, StringComparison.Ordinal);
        Assert.Contains("the rest (20 jobs)", Text(report, new AuditTableOptions(ShowsAll: true, LeastCalls: 21)), StringComparison.Ordinal);
    }

    [Fact]
    public void How_a_prompt_begins_is_shown_only_when_asked_for()
    {
        var report = SomeAudit.Of([Priced.Call()]);

        Assert.DoesNotContain("You sort tickets.", Text(report, new AuditTableOptions()), StringComparison.Ordinal);
        Assert.Contains("Begins: You sort tickets.", Text(report, new AuditTableOptions(ShowsContent: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_audit_without_calls_says_so() => Assert.Contains("There are no calls in it.", Text(SomeAudit.Of([]), new AuditTableOptions()), StringComparison.Ordinal);

    private static string Text(AuditReport report, AuditTableOptions options)
    {
        var text = new StringWriter();
        new AuditTable(text, options).Write(report);
        return text.ToString();
    }

    private const string Expected = """
        x
        """;
}
