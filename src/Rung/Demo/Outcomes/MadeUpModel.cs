namespace Rung.Demo.Outcomes;

/// <summary>A simulated model of a made-up recording. Nobody sells it: its quality, price and pace are settings.</summary>
/// <param name="Name">Its name, which says that it is simulated.</param>
/// <param name="IntentQuality">Share of the messages that it sorts rightly, 0 to 1.</param>
/// <param name="SumQuality">Share of the sums that it gets right, 0 to 1.</param>
/// <param name="InputUsdPerMillion">Price of a million tokens of prompts, in US dollars.</param>
/// <param name="OutputUsdPerMillion">Price of a million tokens of answers, in US dollars.</param>
/// <param name="TokensPerSecond">How fast it writes.</param>
/// <param name="IsWordy">Whether it explains its sums step by step.</param>
internal sealed record MadeUpModel(
    string Name, double IntentQuality, double SumQuality, decimal InputUsdPerMillion, decimal OutputUsdPerMillion, int TokensPerSecond, bool IsWordy)
{
    /// <summary>The four, dearest first. The third is as good as the first at sorting messages, and not at sums; the last is good at neither.</summary>
    public static IReadOnlyList<MadeUpModel> All { get; } =
    [
        new("sim-frontier", 0.98, 0.97, 5m, 25m, 60, IsWordy: true),
        new("sim-mid", 0.98, 0.96, 1m, 5m, 110, IsWordy: true),
        new("sim-small", 0.975, 0.86, 0.25m, 1m, 170, IsWordy: false),
        new("sim-tiny", 0.88, 0.55, 0.05m, 0.20m, 240, IsWordy: false),
    ];

    /// <summary>What an answer costs, in US dollars.</summary>
    public decimal CostUsd(int promptTokens, int completionTokens) => ((promptTokens * InputUsdPerMillion) + (completionTokens * OutputUsdPerMillion)) / 1_000_000m;
}
