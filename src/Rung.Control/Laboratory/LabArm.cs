using Rung.Core.Policies;

namespace Rung.Control.Laboratory;

/// <summary>One side of the traffic: a policy, its prices, and how its models answer now. Used by one run.</summary>
internal sealed class LabArm
{
    private readonly int ownRung;
    private readonly double ownQuality;
    private readonly DateTimeOffset began;

    /// <param name="policy">The policy that decides.</param>
    /// <param name="name">What stands on its calls as arm; null outside rollouts.</param>
    /// <param name="ownRung">The rung whose quality is <paramref name="ownQuality"/>.</param>
    /// <param name="ownQuality">Mean quality of that rung when nothing happens.</param>
    /// <param name="began">The run's first instant.</param>
    public LabArm(PolicySnapshot policy, string? name, int ownRung, double ownQuality, DateTimeOffset began)
    {
        (Policy, Name, this.ownRung, this.ownQuality, this.began) = (policy, name, ownRung, ownQuality, began);
        (Quality, CheckRate, MedianMicros) = (new double[policy.Ladder.Length], new double[policy.Ladder.Length], new double[policy.Ladder.Length]);
        Prices = new LabPrices(policy, factor: 1, began);
        Take(LabMoment.Plain);
    }

    public PolicySnapshot Policy { get; }
    public string? Name { get; }
    public LabPrices Prices { get; private set; }
    public LabMoment Moment { get; private set; }

    /// <summary>Mean quality, check failures and median latency of each rung.</summary>
    public double[] Quality { get; }
    /// <inheritdoc cref="Quality"/>
    public double[] CheckRate { get; }
    /// <inheritdoc cref="Quality"/>
    public double[] MedianMicros { get; }

    /// <summary>Takes what holds now.</summary>
    public void Hold(in LabMoment moment)
    {
        if (moment == Moment) return;
        if (moment.Price != Moment.Price) Prices = new LabPrices(Policy, moment.Price, began);
        Take(moment);
    }

    private void Take(in LabMoment moment)
    {
        Moment = moment;
        for (var rung = 0; rung < Quality.Length; rung++)
        {
            var above = rung - ownRung;
            Quality[rung] = Math.Clamp(LabOutcomes.Quality(ownQuality, above) + moment.Quality + (above == 0 ? moment.OwnQuality : 0), 0, 1);
            CheckRate[rung] = LabOutcomes.CheckFailure(moment.CheckRate, above);
            MedianMicros[rung] = LabOutcomes.MedianMicros(above) * moment.Latency;
        }
    }
}
