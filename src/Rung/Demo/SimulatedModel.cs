namespace Rung.Demo;

/// <summary>A model that the demo plays: how fast it is, how often it goes wrong, and whose list price the demo policy gives it.</summary>
/// <param name="Id">What the policy asks for.</param>
/// <param name="Tier">Its rung in the demo policy.</param>
/// <param name="PricedAs">The public model whose price it has, as provider/model of the price book.</param>
/// <param name="FirstToken">Mean time to its first token.</param>
/// <param name="TokensPerSecond">Mean speed after that.</param>
/// <param name="FaultRate">Share of prompts whose answer goes wrong in form, 0 to 1.</param>
internal sealed record SimulatedModel(string Id, string Tier, string PricedAs, TimeSpan FirstToken, int TokensPerSecond, double FaultRate)
{
    /// <summary>The three rungs. Speeds and rates are assumptions of the order that is usual, not measurements of the models whose prices are used.</summary>
    public static IReadOnlyList<SimulatedModel> All { get; } =
    [
        new("simulated-small", "small", "openai/gpt-6-luna", TimeSpan.FromMilliseconds(300), 190, FaultRate: 0.09),
        new("simulated-mid", "mid", "openai/gpt-6-sol", TimeSpan.FromMilliseconds(600), 95, FaultRate: 0.04),
        new("simulated-frontier", "frontier", "openai/gpt-6-astra", TimeSpan.FromMilliseconds(1100), 55, FaultRate: 0.001),
    ];

    /// <summary>A model by its id; null when there is none.</summary>
    public static SimulatedModel? Find(string id) => All.FirstOrDefault(model => model.Id == id);
}
