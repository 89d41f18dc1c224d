namespace Rung.Core.Redaction;

/// <summary>Data in base 64 in the form of an address (RFC 2397): pictures, sounds, files. No text, and too large to keep.</summary>
internal static class DataUrlFinder
{
    private const int LongestHead = 128;

    public static void Find(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf("data:", StringComparison.OrdinalIgnoreCase);
            if (next < 0) return;
            at += next;
            var head = text[at..Math.Min(text.Length, at + LongestHead)];
            var comma = head.IndexOf(',');
            if (comma < 0 || !head[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            {
                at += 5;
                continue;
            }
            var end = at + comma + 1;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '/' or '=' or '-' or '_' or '%')) end++;
            var kind = head[5..];
            found.Add(new Blot(at, end, kind.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? "image" : kind.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? "audio" : "file"));
            at = end;
        }
    }
}
