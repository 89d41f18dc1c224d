namespace Rung.Control.Laboratory;

/// <summary>A scenario in one run: what holds for each arm at each minute. What comes at a random time comes at another one in each run.</summary>
internal sealed class LabScript
{
    private readonly LabScenario scenario;
    private readonly int begins;
    private readonly int ends;

    /// <param name="scenario">What happens.</param>
    /// <param name="minutes">Virtual minutes of the run.</param>
    /// <param name="chance">Chooses the time of what comes at a random one.</param>
    public LabScript(LabScenario scenario, int minutes, LabChance chance)
    {
        this.scenario = scenario;
        var drawn = (int)(chance.Share() * minutes);
        var time = (int)scenario.Time.TotalMinutes;
        (begins, ends) = scenario.Event switch
        {
            LabEvent.Outage => (drawn, drawn + time),
            LabEvent.Shift => (drawn, int.MaxValue),
            LabEvent.Novelty => (time, int.MaxValue),
            LabEvent.Drop => (time, time + (int)LabControl.RepairAfter.TotalMinutes),
            LabEvent.Price or LabEvent.Drift => (time, int.MaxValue),
            _ => (0, int.MaxValue),
        };
    }

    /// <summary>Minute from which the change of a control scenario holds; null where nothing changes.</summary>
    public int? Change => scenario.Event is LabEvent.Drop or LabEvent.Price or LabEvent.Drift ? begins : null;

    /// <summary>Minute from which it no longer holds; null when it stays.</summary>
    public int? Repaired => scenario.Event == LabEvent.Drop ? ends : null;

    /// <summary>What holds at a minute for the policy in force, and for a candidate.</summary>
    public (LabMoment Current, LabMoment Candidate) At(int minute)
    {
        var isOn = minute >= begins && minute < ends;
        var (plain, size) = (LabMoment.Plain, scenario.Size);
        return scenario.Event switch
        {
            LabEvent.Worse => (plain, plain with { Quality = -size }),
            LabEvent.Slower => (plain, plain with { Latency = size }),
            LabEvent.Checks => (plain, plain with { CheckRate = Math.Min(1, plain.CheckRate * size) }),
            LabEvent.Errors => (plain, plain with { ErrorRate = size }),
            LabEvent.Dearer => (plain, plain with { Price = size }),
            LabEvent.Novelty => (plain, plain with { Quality = isOn ? scenario.Other : size }),
            LabEvent.Outage => Both(isOn ? plain with { ErrorRate = size } : plain),
            LabEvent.Shift => Both(isOn ? plain with { Quality = -size, Tokens = 2, Latency = 1.3, CheckRate = plain.CheckRate * 1.5 } : plain),
            LabEvent.Drop => Both(isOn ? plain with { OwnQuality = -size } : plain),
            LabEvent.Price => Both(isOn ? plain with { Price = size } : plain),
            LabEvent.Drift => Both(plain with { CheckRate = isOn ? size : scenario.Other }),
            _ => Both(plain),
        };
    }

    private static (LabMoment, LabMoment) Both(LabMoment moment) => (moment, moment);
}
