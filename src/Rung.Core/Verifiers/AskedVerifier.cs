using Rung.Core.Checks;

namespace Rung.Core.Verifiers;

/// <summary>A verifier that lives outside: it asks, and gives back what was found out.</summary>
internal sealed class AskedVerifier(string name) : Verifier
{
    private readonly VerifierInquiry inquiry = new(name);

    public override string Name => name;

    public override VerifierScore Score(Answer answer)
    {
        if (!answer.Findings.TryGetValue(inquiry, out var finding)) return VerifierScore.Ask(inquiry);
        if (finding.Unavailable is { } why) return VerifierScore.None(why);
        return finding.Score is { } score and >= 0 and <= 1 ? VerifierScore.Of(score) : VerifierScore.None("it gave no score from 0 to 1");
    }
}
