using System.Collections.Frozen;
using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>Finds the price of a model as logs name it, also where a cloud sells a vendor's model at the vendor's list price.</summary>
/// <param name="book">The prices.</param>
internal sealed class VendorPrices(PriceBook book)
{
    /// <summary>
    /// Clouds whose on-demand list price of another vendor's model is the vendor's own, and the empty name of a log that tells no provider. Hosts with
    /// prices of their own (OpenRouter, Together, Groq…) are not among them: their price is unknown unless the book has it.
    /// </summary>
    private static readonly FrozenSet<string> Resellers = new[]
    {
        "", "azure", "azure_ai", "azure.ai.openai", "azure.ai.inference", "bedrock", "aws", "aws.bedrock", "aws_bedrock", "amazon-bedrock",
        "vertex", "vertex_ai", "google", "gcp.vertex_ai", "google-vertex",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly string[] _vendors = [.. book.Entries.Select(entry => entry.Provider).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The price; null when the book has none, or when several vendors have a model of this name and the log does not say whose it was.</summary>
    public PriceSchedule? Find(string provider, string model)
    {
        if (model.Length == 0) return null;
        if (provider.Length > 0 && book.Find(provider, model) is { } own) return own;
        if (!Resellers.Contains(provider)) return null;

        PriceSchedule? only = null;
        foreach (var vendor in _vendors)
        {
            if (book.Find(vendor, model) is not { } found) continue;
            if (only is not null) return null;
            only = found;
        }
        return only;
    }
}
