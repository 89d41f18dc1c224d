using System.Text.RegularExpressions;

namespace Rung.Core.Redaction;

/// <summary>What the words around a number say about it: most national numbers without a prefix look like any other number.</summary>
internal static class PhoneContext
{
    private const int Behind = 48;
    private const int Ahead = 28;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly Regex s_phone = new(
        @"phone|\btele|\btel\b|\btél|tel[eé]fon|mobil|\bmob\b|\bcell|\bfax|whats ?app|telegram|viber|\bsms\b|\bgsm\b|\bmsisdn|hotline|handy|rufnummer|rückruf|durchwahl|anruf|portable|appele|appelez|\bmóvil|\bmovil|celular|ligar|liga-me|ligue|chiam|llam|cellulare|\bbel me|puhelin|dial\b|ring me|ring us|call (?:me|us|him|her|them|back|on|at|my|our)|reach (?:me|us|him|her|them)|(?:text|ring) (?:me|us|him|her|them)|(?:give|gave) \w+ a (?:call|ring)|my number|her number|his number|our number|meine nummer|numéro|contact (?:number|no)|contact:|тел|номер|моб|звон|电话|手机|電話|携帯|전화|휴대|هاتف|جوال|फ़ोन|फोन|मोबाइल|โทร|điện thoại|☎|📞|📱|📲",
        Options);

    private static readonly Regex s_other = new(
        @"order|invoice|bestell|rechnung|ticket|tracking|shipment|parcel|serial|\bsku\b|\bisbn|\bissn|\bean\b|\bupc\b|\bgtin|\basin|\bid\b|_id\b|\bref\b|reference|account|\bacct|customer (?:no|number)|case|policy (?:no|number)|version|\bv\d|build|timestamp|epoch|unix|bytes|tokens|\bpid\b|\bport\b|total|amount|price|population|\bzip\b|part (?:no|number)|article|model|commande|pedido|factura|facture",
        Options);

    /// <summary>Whether anything in a text says telephone.</summary>
    public static bool IsSaid(ReadOnlySpan<char> text) => s_phone.IsMatch(text);

    /// <summary>Whether the words nearest to a number call it one of a telephone.</summary>
    public static bool IsPhone(ReadOnlySpan<char> text, int start, int end)
    {
        var before = Before(text, start);
        var phone = Last(s_phone, before);
        if (phone >= 0) return phone > Last(s_other, before);
        var after = text[end..Math.Min(text.Length, end + Ahead)];
        var line = after.IndexOf('\n');
        return s_phone.IsMatch(line < 0 ? after : after[..line]) && Last(s_other, before) < 0;
    }

    /// <summary>Whether the words before a number call it something else.</summary>
    public static bool IsOther(ReadOnlySpan<char> text, int start)
    {
        var before = Before(text, start);
        var other = Last(s_other, before);
        return other >= 0 && other > Last(s_phone, before);
    }

    private static ReadOnlySpan<char> Before(ReadOnlySpan<char> text, int start) => text[Math.Max(0, start - Behind)..start];

    private static int Last(Regex words, ReadOnlySpan<char> text)
    {
        var last = -1;
        foreach (var match in words.EnumerateMatches(text)) last = match.Index;
        return last;
    }
}
