using System.Globalization;

namespace Rung.Control.Audit;

/// <summary>Names that a policy allows, each given once.</summary>
internal sealed class UniqueNames(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>The name itself if it is allowed and free; else the nearest that is.</summary>
    public string Take(string name)
    {
        var plain = IsAllowed(name) ? name : Plain(name);
        var free = plain;
        for (var i = 2; !_taken.Add(free); i++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"-{i}");
            free = plain[..Math.Min(plain.Length, 64 - suffix.Length)] + suffix;
        }
        return free;
    }

    /// <summary>Whether a policy can use the name as it is.</summary>
    public static bool IsAllowed(string name) => name.Length is >= 1 and <= 64 && name.All(IsAllowed);

    private static bool IsAllowed(char character) => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '_' or '-';

    private static string Plain(string name)
    {
        Span<char> plain = stackalloc char[64];
        var length = 0;
        foreach (var character in name)
        {
            if (length == plain.Length) break;
            var lower = char.ToLowerInvariant(character);
            if (IsAllowed(lower)) plain[length++] = lower;
            else if (length > 0 && plain[length - 1] != '-') plain[length++] = '-';
        }
        var trimmed = plain[..length].Trim('-');
        return trimmed.IsEmpty ? "unnamed" : trimmed.ToString();
    }
}
