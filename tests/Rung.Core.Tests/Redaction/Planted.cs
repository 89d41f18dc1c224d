namespace Rung.Core.Tests.Redaction;

/// <summary>A text with something planted in it that may not be kept.</summary>
/// <param name="Kind">What was planted.</param>
/// <param name="Form">Which form of it.</param>
/// <param name="Secret">What was planted, as it stands in the text.</param>
/// <param name="Text">The text.</param>
public sealed record Planted(string Kind, string Form, string Secret, string Text)
{
    /// <summary>Whether a text still tells it: five letters or digits of it in a row, that the words around it do not hold.</summary>
    public bool IsToldBy(string text)
    {
        const int Window = 5;
        var told = Bare(text);
        var around = Bare(Text.Replace(Secret, "|"));
        var secret = Bare(Secret);
        for (var i = 0; i + Window <= secret.Length; i++)
        {
            var piece = secret.Substring(i, Window);
            if (told.Contains(piece, StringComparison.Ordinal) && !around.Contains(piece, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    private static string Bare(string text) => string.Concat(text.Where(unit => char.IsAsciiLetterOrDigit(unit) || unit == '|'));
}
