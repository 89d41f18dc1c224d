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
        Audit of calls, 2026-10-06 to 2026-10-14 UTC; price book of 2026-11-01, at the prices of each call's
        day.

        $7,920 in 9 days over 60,001 calls of 10 jobs; the three dearest are 95 % of it. About $5,069 of it
        (64 %; between 48 % and 72 % under the stated assumptions) could be saved by moving 9 jobs to a
        cheaper tier. None of that is proved yet.

           job                        calls     spend  share  model → proposed tier      saving  range
         1 extract-invoice-lines     36.0 k    $4,752   60 %  big → small                $3,802  2.9k..4.3k
         2 plan                      12.0 k  $1,584+?   20 %  big                             -
         3 ~untagged                  9,000    $1,188   15 %  big → small               $950.40  713..1.1k
           rare-2                       429    $56.63  0.7 %  big → small                $45.30  34..51
           rare-3                       429    $56.63  0.7 %  big → small                $45.30  34..51
           rare-4                       429    $56.63  0.7 %  big → small                $45.30  34..51
           rare-5                       429    $56.63  0.7 %  big → small                $45.30  34..51
           rare-0                       428    $56.50  0.7 %  big → small                $45.20  34..51
           rare-1                       428    $56.50  0.7 %  big → small                $45.20  34..51
           rare-6                       428    $56.50  0.7 %  big → small                $45.20  34..51
           total                     60.0 k  $7,920+?  100 %                             $5,069  3.8k..5.7k
        ~ a name that Rung suggests: these calls carry no tag
        +? in no amount: 1 call of unknown cost

        The three dearest
         1  extract-invoice-lines (mechanical): big (frontier) → small: saves about $3,802 ($2,851 to
            $4,277), not proved yet.
            Why: 98 % of its answers are one of 6 labels (n = 10); Temperature is 0.
            Prove first: An eval of 200 answers, judged against big's.
         2  plan (planning): big (frontier): stays.
            Why: It opens 100 % of its runs.
         3  ~untagged (mechanical): big (frontier) → small: saves about $950.40 ($712.80 to $1,069), not
            proved yet.
            Why: 98 % of its answers are one of 6 labels (n = 10); Temperature is 0.
            Prove first: An eval of 200 answers, judged against big's.
            Grouped by: its system prompt, confidence 0.87.

        The invoice of $9,000 is $1,080 (14 %) more than the calls cost. Likely causes:
            +$19,360  The calls cover 9 of the 31 days of October 2026; the other 22 would add $19,360 at
                      $880.00 a day.
                   ?  1 call with 12.0 k input and 5 output tokens have no known cost and are counted with
                      nothing.
                   ?  Calls that are not in these files: other keys, teams, tools and test runs on the same
                      account.
                   ?  What no call log shows: web search, code execution, storage, fine-tuning, seats, tax,
                      and bills in another currency than US dollars.

        To know
          - Unknown price: 1 call with 12.0 k tokens (nobody-knows) are in no amount. Put the prices into
            .rung/prices.json, or name a book with --prices FILE.

        Proposed ladder: small = acme/small, frontier = acme/big.
        Assumed for the saving: The small model gets 8 % of the calls wrong, and they climb.

        Next
          rung audit logs/ --policy rung.yaml  a policy with every proposal in it, marked as not proved
        """;
}
