using System.Buffers;
using System.Buffers.Text;
using System.Text.RegularExpressions;

namespace Rung.Core.Redaction;

/// <summary>Secrets that no beginning gives away: known by a piece in their middle, by their parts, or by the command that they are handed to.</summary>
internal static class SecretShapes
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Form[] s_shapes =
    [
        new(".atlasv1.", @"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9\-_=]{40,}"),                      // Terraform
        new("Q~", @"[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,40}"),                          // Entra, secret of an application
        new(":APA91b", @"[A-Za-z0-9_\-]{8,}:APA91b[A-Za-z0-9_\-]{100,}"),                         // Firebase, key of a server
        new("-us", @"\b[0-9a-f]{32}-us[0-9]{1,2}\b"),                                            // Mailchimp
        new("pat", @"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),                                       // Airtable
        new("access-", @"\baccess-(?:production|sandbox|development)-[0-9a-f]{8}-[0-9a-f\-]{27}"), // Plaid
        new(".", @"\b[MNO][A-Za-z0-9_\-]{23,27}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,40}"),      // Discord, token of a bot
    ];

    private static readonly Regex s_flag = new(@"(?:\s-u|\s--user)[ =]?[""']?[^\s:""'/]+:", Options);
    private static readonly Regex s_command = new(@"\bsshpass -p ?|\b(?:mysql|mysqldump|mysqladmin|mariadb)\s[^\n|;]{0,200}?-p", Options);

    public static void Find(ReadOnlySpan<char> text, List<Blot> found)
    {
        foreach (var (mark, shape) in s_shapes)
        {
            if (!text.Contains(mark, StringComparison.Ordinal)) continue;
            foreach (var match in shape.EnumerateMatches(text)) found.Add(new Blot(match.Index, match.Index + match.Length, SecretFinder.Kind));
        }
        Basic(text, found);
        if (text.Contains(" -u", StringComparison.Ordinal) || text.Contains(" --user", StringComparison.Ordinal)) Handed(text, s_flag, found);
        if (text.Contains("sshpass", StringComparison.Ordinal) || text.Contains("mysql", StringComparison.Ordinal) || text.Contains("mariadb", StringComparison.Ordinal)) Handed(text, s_command, found);
    }

    // Basic YWRtaW46c2VjcmV0 (RFC 7617): what it stands for has a colon.
    private static void Basic(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf("basic ", StringComparison.OrdinalIgnoreCase);
            if (next < 0) return;
            at += next + 6;
            var end = at;
            while (end < text.Length && end - at < 1024 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '/' or '=' or '-' or '_')) end++;
            if (end - at >= 8 && IsPair(text[at..end])) found.Add(new Blot(at, end, SecretFinder.Kind));
        }
    }

    private static bool IsPair(ReadOnlySpan<char> encoded)
    {
        Span<byte> bytes = stackalloc byte[768];
        if (Base64Url.DecodeFromChars(Plain(encoded.TrimEnd('='), stackalloc char[1024]), bytes, out _, out var count) != OperationStatus.Done) return false;
        var pair = bytes[..count];
        return pair.IndexOf((byte)':') >= 0 && pair.IndexOfAnyInRange((byte)0, (byte)31) < 0;
    }

    // Both alphabets of RFC 4648 as the second one.
    private static ReadOnlySpan<char> Plain(ReadOnlySpan<char> encoded, Span<char> into)
    {
        for (var i = 0; i < encoded.Length; i++) into[i] = encoded[i] switch { '+' => '-', '/' => '_', var unit => unit };
        return into[..encoded.Length];
    }

    // The word behind the flag, when it looks like a password.
    private static void Handed(ReadOnlySpan<char> text, Regex flag, List<Blot> found)
    {
        foreach (var match in flag.EnumerateMatches(text))
        {
            var start = match.Index + match.Length;
            if (start < text.Length && text[start] is '"' or '\'') start++;
            var end = start;
            while (end < text.Length && end - start < 256 && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'')) end++;
            if (SecretAssignments.IsPassword(text[start..end])) found.Add(new Blot(start, end, SecretFinder.Kind));
        }
    }

    private readonly record struct Form(string Mark, Regex Shape)
    {
        public Form(string mark, string shape)
            : this(mark, new Regex(shape, Options))
        {
        }
    }
}
