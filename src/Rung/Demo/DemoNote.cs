namespace Rung.Demo;

/// <summary>What every output of the demo says about itself.</summary>
internal static class DemoNote
{
    /// <summary>In one line, for progress and the live table.</summary>
    public const string Short = "SIMULATED models, answers and latencies";

    /// <summary>In full.</summary>
    public static string Of(DemoOptions options) =>
        "SIMULATED: the models, their answers, their latencies and how often an answer is wrong in form. "
        + $"Models answer {options.EffectiveTimeScale:0.#} times faster than simulated time, tokens are characters / 4, there is no prompt cache, "
        + "and nothing is claimed about the quality of an answer beyond its form. "
        + "REAL: HTTP over loopback, the gateway, routing, checks, escalation, tokens x list prices of named public models, and the ledger that every number is read from. "
        + "Both phases send the same bytes; the saving is that of this mix of calls, not a promise for yours.";
}
