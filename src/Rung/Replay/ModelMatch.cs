using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Replay;

/// <summary>Tells whether a model of a policy is the one that a log names.</summary>
/// <param name="policy">The policy.</param>
/// <param name="book">Knows which ids mean the same model.</param>
internal sealed class ModelMatch(PolicySnapshot policy, PriceBook book)
{
    private readonly Dictionary<(string Provider, string Model, string? Upstream), ModelSet> known = [];

    /// <summary>The models of the policy that are the one that was asked.</summary>
    /// <remarks>
    /// Of one provider (or one that the log does not name), and: the same name, the same id, or two ids that the price book knows as one model. A name that
    /// was given to another model in the meantime is not seen through.
    /// </remarks>
    public ModelSet Of(LoggedAttempt attempt)
    {
        var key = (attempt.Provider, attempt.Model, attempt.UpstreamModel);
        if (known.TryGetValue(key, out var models)) return models;
        models = ModelSet.Empty;
        foreach (var model in policy.Models)
        {
            if (IsThat(model, attempt)) models = models.With(model.Index);
        }
        return known[key] = models;
    }

    private bool IsThat(Model model, LoggedAttempt attempt)
    {
        if (attempt.Provider.Length > 0 && attempt.Provider != model.Provider) return false;
        if (model.Name == attempt.Model || IsId(model.UpstreamId, attempt.Model) || (attempt.UpstreamModel is { } told && IsId(model.UpstreamId, told))) return true;
        var mine = book.Find(model.Provider, model.UpstreamId);
        return mine is not null && (ReferenceEquals(mine, book.Find(model.Provider, attempt.Model)) || (attempt.UpstreamModel is { } id && ReferenceEquals(mine, book.Find(model.Provider, id))));
    }

    private static bool IsId(string id, string other) => string.Equals(id, other, StringComparison.OrdinalIgnoreCase);
}
