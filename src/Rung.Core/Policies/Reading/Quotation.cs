namespace Rung.Core.Policies.Reading;

/// <summary>Text from a policy, made fit for one line of a fault.</summary>
internal static class Quotation
{
    private const int Longest = 80;

    public static string Of(string text)
    {
        var clean = new string([.. text.Take(Longest).Select(character => char.IsControl(character) ? ' ' : character)]);
        return text.Length > Longest ? clean + "…" : clean;
    }
}
