namespace Rung.Control.Imports.Anthropic;

/// <summary>What multiplies the list price of a call to Anthropic, by what its usage block says of the way it was served.</summary>
internal static class AnthropicPricing
{
    private const int List = 1000;
    private const int Batch = 500;
    private const int UnitedStates = 1100; // Inference that is kept in the United States.
    private const int Fast = 2000;
    private const int FastBefore48 = 6000; // Opus 4.6 and 4.7.

    /// <summary>The multiplier, in thousandths.</summary>
    /// <param name="model">The model.</param>
    /// <param name="speed"><c>fast</c>, or anything else for the usual speed.</param>
    /// <param name="geo">Where it ran: <c>us</c>, or anything else for anywhere.</param>
    /// <param name="tier">Service tier: <c>batch</c>, or anything else for list price.</param>
    public static int Permille(string model, string? speed, string? geo, string? tier)
    {
        long permille = List;
        if (Is(speed, "fast")) permille = permille * (model.Contains("4-6", StringComparison.Ordinal) || model.Contains("4-7", StringComparison.Ordinal) ? FastBefore48 : Fast) / List;
        if (Is(geo, "us")) permille = permille * UnitedStates / List;
        if (Is(tier, "batch")) permille = permille * Batch / List;
        return (int)permille;
    }

    private static bool Is(string? stated, string word) => word.Equals(stated, StringComparison.OrdinalIgnoreCase);
}
