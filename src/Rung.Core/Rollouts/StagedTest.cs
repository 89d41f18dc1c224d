using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>
/// Evidence of harm over the whole life and over the stage, as one: a candidate that was as good for a week and fails then is found by what came since, not only by the mean of all.
/// </summary>
/// <remarks>
/// A weighted sum of e-processes, of which some begin later with what was put aside for them, is an e-process. Four fifths bet from the start; each stage gets half of
/// what is left of the rest, and when it ends its gain or loss is kept as it is.
/// </remarks>
internal sealed class StagedTest
{
    private const double LifeShare = 0.8;

    private readonly BettingTest life = New();
    private BettingTest? stage;
    private double aside = 1 - LifeShare; // Not yet staked, and what earlier stages have made of theirs.
    private double unstaked = 1 - LifeShare;
    private double staked;

    public void Add(double difference)
    {
        life.Add(difference);
        stage?.Add(difference);
    }

    /// <summary>Begins a stage. The first one is the life itself.</summary>
    public void BeginStage()
    {
        if (life.Count == 0 || stage is { Count: 0 }) return;
        if (stage is not null) aside += Math.Exp(Math.Min(600, Math.Log(staked) + stage.LogEvidence));
        staked = unstaked / 2;
        unstaked -= staked;
        aside -= staked;
        stage = New();
    }

    public double LogEvidence
    {
        get
        {
            var whole = Math.Log(LifeShare) + life.LogEvidence;
            var part = stage is null ? double.MinValue : Math.Log(staked) + stage.LogEvidence;
            var most = Math.Max(Math.Max(whole, part), Math.Log(aside));
            return most + Math.Log(Math.Exp(whole - most) + Math.Exp(part - most) + (aside * Math.Exp(-most)));
        }
    }

    private static BettingTest New() => new(-1, 1, 0, MeanSide.Above);
}
