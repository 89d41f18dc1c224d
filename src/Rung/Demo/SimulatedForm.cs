using System.Collections.Concurrent;

namespace Rung.Demo;

/// <summary>How well simulated models do at the moment. A story may change it while they answer; safe to use from several threads.</summary>
internal sealed class SimulatedForm
{
    private readonly ConcurrentDictionary<string, (double Faults, double Wrong)> _rates = new(StringComparer.Ordinal);

    /// <summary>Sets a model's rates from the next answer on.</summary>
    /// <param name="model">Id of the model.</param>
    /// <param name="faults">Share of prompts whose answer goes wrong in form: a check sees it. 0 to 1.</param>
    /// <param name="wrong">Share of the others whose answer is another than the right one, in right form: no check sees it. 0 to 1.</param>
    public void Set(string model, double faults, double wrong) => _rates[model] = (faults, wrong);

    /// <summary>The rates of a model: its own faults and nothing wrong, unless they were set.</summary>
    public (double Faults, double Wrong) Of(SimulatedModel model) => _rates.TryGetValue(model.Id, out var rates) ? rates : (model.FaultRate, 0);
}
