namespace Rung.Control.Audit;

/// <summary>A rung that the user names: <c>small=openai/gpt-6-luna</c>.</summary>
/// <param name="Tier"><c>small</c>, <c>mid</c> or <c>frontier</c>.</param>
/// <param name="Provider">The provider, in the words of policies.</param>
/// <param name="Model">The provider's model id.</param>
public sealed record TierOverride(string Tier, string Provider, string Model)
{
    /// <summary>Reads <c>TIER=PROVIDER/MODEL</c>. The model may itself hold slashes.</summary>
    /// <exception cref="FormatException">It is something else; the message says what was expected.</exception>
    public static TierOverride Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (equals < 1 || slash < equals + 2 || slash == text.Length - 1)
            throw new FormatException($"\"{text}\" is not TIER=PROVIDER/MODEL, such as small=openai/gpt-6-luna.");
        var tier = text[..equals].Trim();
        if (!ModelLadder.Names.Contains(tier)) throw new FormatException($"There is no tier \"{tier}\": the ladder has {string.Join(", ", ModelLadder.Names)}.");
        return new TierOverride(tier, text[(equals + 1)..slash].Trim(), text[(slash + 1)..].Trim());
    }
}
