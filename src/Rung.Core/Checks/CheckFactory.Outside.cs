using Rung.Core.Verifiers;

namespace Rung.Core.Checks;

public static partial class CheckFactory
{
    /// <summary>Enough of several answers of the same model are equal to the given one.</summary>
    /// <param name="samples">Answers in all, the given one included: 2 to 16.</param>
    /// <param name="atLeast">How many of them must be equal to the given one, itself included: 2 to <paramref name="samples"/>.</param>
    /// <param name="by">What is compared.</param>
    /// <param name="temperature">Temperature of the further answers, 0 to 2; null: the request's own.</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Agrees(int samples, int atLeast, AgreeBy by, double? temperature, out string? fault)
    {
        fault = samples is < 2 or > 16 ? "Agrees needs 2 to 16 samples, the first answer included."
            : atLeast < 2 ? "Agrees needs at_least 2 or more: the answer always equals itself."
            : atLeast > samples ? $"Agrees asks for {atLeast} equal answers of {samples}: nothing could pass."
            : temperature is not (null or (>= 0 and <= 2)) ? "A temperature lies between 0 and 2."
            : null;
        return fault is null ? new AgreesCheck(samples, atLeast, by, temperature) : null;
    }

    /// <summary>A program that the policy allows accepts the answer.</summary>
    /// <param name="command">Its name in the policy.</param>
    public static Check Command(string command)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        return new CommandCheck(command);
    }

    /// <summary>A verifier's score reaches a threshold.</summary>
    /// <param name="verifier">The verifier.</param>
    /// <param name="atLeast">Least score, 0 to 1.</param>
    /// <param name="passUnavailable">What holds when the verifier cannot say: pass (true) or fail (false).</param>
    /// <param name="fault">What is wrong when the result is null.</param>
    public static Check? Verifier(Verifier verifier, double atLeast, bool passUnavailable, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        fault = atLeast is >= 0 and <= 1 ? null : "The threshold of a verifier lies between 0 and 1.";
        return fault is null ? new VerifierCheck(verifier, atLeast, passUnavailable) : null;
    }
}
