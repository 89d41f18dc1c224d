using Rung.Core.Guarantees;
using Xunit.Abstractions;

namespace Rung.Core.Tests.Guarantees;

public sealed class SplitExperimentTests(ITestOutputHelper output)
{
    private static readonly CalibrationPlan Plan = new() { MostLoss = 0.03, Confidence = 0.95 };

    [Fact]
    public void Over_a_thousand_splits_the_promise_is_kept_on_held_out_rows()
    {
        var rows = SomeOutcomes.Draw(1200, new Random(20261122));

        var report = SplitExperiment.Run(rows, Plan, splits: 1000, seed: 1, calibrationShare: 0.5, progress: null);

        output.WriteLine($"certified: {report.Certified}; uncalibrated: {report.Uncalibrated}; allowed {report.AllowedShare:P2}");
        Assert.True(report.IsKept, $"{report.Certified.Violations} of 1,000 splits");
        Assert.True(report.Uncalibrated.Violations > 300);
        Assert.True(report.Certified.Saving > 0);
        Assert.True(report.Uncalibrated.Saving > report.Certified.Saving);
    }

    [Fact]
    public void One_seed_one_report()
    {
        var rows = SomeOutcomes.Draw(300, new Random(2));

        var first = SplitExperiment.Run(rows, Plan, 20, 7, 0.5, progress: null);

        Assert.Equal(first, SplitExperiment.Run(rows, Plan, 20, 7, 0.5, progress: null));
        Assert.Equal(first, SplitExperiment.Run([.. rows.Reverse()], Plan, 20, 7, 0.5, progress: null));
    }

    [Fact]
    public void Groups_stay_on_one_side()
    {
        // Two groups, one with losses only: whichever side it is on, the other side has none.
        var rows = Enumerable.Range(0, 100).Select(i => SomeOutcomes.Row(0.5, i % 2, 1, i % 2 == 0 ? "g:bad" : "g:good")).ToArray();

        var report = SplitExperiment.Run(rows, Plan, 50, 1, 0.5, progress: null);

        Assert.Equal(0, report.Certified.Chosen); // One unit certifies nothing.
        Assert.Equal(report.Uncalibrated.Chosen, report.Uncalibrated.Violations); // It chooses when it saw only good ones, and is wrong every time.
        Assert.InRange(report.Uncalibrated.Chosen, 10, 40);
    }
}
