using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Rung.Core.Policies;
using Capture = Rung.Core.Policies.Capture;

namespace Rung.Core.Redaction;

/// <summary>
/// Blots out of text what may not be kept: e-mail addresses, telephone numbers, numbers of cards, keys and tokens, what a policy's own patterns name; and base-64
/// data, which is no text. Each piece becomes a mark such as <c>[email]</c>. Linear in the text. Safe to use from several threads.
/// </summary>
public sealed class Redactor
{
    /// <summary>Longest match time of a policy's pattern over one text.</summary>
    internal static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    // a@b.co
    private const int Shortest = 6;

    // The first that took part names a piece that several found.
    private static readonly string[] s_order = ["image", "audio", "file", SecretFinder.Kind, "card", "email", "phone"];

    private readonly bool email;
    private readonly bool phone;
    private readonly bool card;
    private readonly bool secret;
    private readonly ImmutableArray<(string Name, Regex Pattern)> patterns;

    private Redactor(Func<string, bool> wanted, IEnumerable<KeyValuePair<string, string>> patterns)
    {
        (email, phone, card, secret) = (wanted("email"), wanted("phone"), wanted("card"), wanted("secret"));
        this.patterns = [.. patterns.Where(pattern => wanted(pattern.Key)).OrderBy(pattern => pattern.Key, StringComparer.Ordinal)
            .Select(pattern => (pattern.Key, RedactionPattern.Compile(pattern.Value, out var fault) ?? throw new RedactionException($"The pattern {pattern.Key} does not compile. {fault}")))];
    }

    /// <summary>Every built-in kind, and no pattern.</summary>
    public static Redactor BuiltIn { get; } = new(_ => true, []);

    /// <summary>Every built-in kind and every pattern of a policy.</summary>
    /// <exception cref="RedactionException">A pattern does not compile; a compiled policy holds none such.</exception>
    public static Redactor Of(PolicySnapshot policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new Redactor(_ => true, policy.Redactions);
    }

    /// <summary>What a route's capture says.</summary>
    /// <exception cref="RedactionException">A pattern does not compile; a compiled policy holds none such.</exception>
    public static Redactor Of(PolicySnapshot policy, Capture capture)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(capture);
        return new Redactor(name => capture.Redact?.Contains(name) ?? true, policy.Redactions);
    }

    /// <summary>Redacts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="redactions">Pieces that were blotted out.</param>
    /// <exception cref="RedactionException">A pattern took too long: nothing is known about the text.</exception>
    public string Text(string text, out int redactions)
    {
        ArgumentNullException.ThrowIfNull(text);
        var blots = Find(text, name: null);
        redactions = blots.Count;
        return Apply(text, blots);
    }

    /// <summary>Redacts a JSON document: every string and name in it, also JSON inside strings. What comes out is valid JSON of the same structure.</summary>
    /// <param name="json">One value, UTF-8.</param>
    /// <param name="without">Members of the outermost object that are left out.</param>
    /// <param name="redactions">Pieces that were blotted out.</param>
    /// <exception cref="RedactionException">It is no JSON, or a pattern took too long: it must not be kept.</exception>
    public byte[] Json(ReadOnlySpan<byte> json, IReadOnlySet<string> without, out int redactions)
    {
        ArgumentNullException.ThrowIfNull(without);
        return JsonRedaction.Of(this, json, without, out redactions);
    }

    /// <summary>Redacts the value that stands under a name in a document; the name is part of what tells what it is.</summary>
    internal string Value(string text, string? name, out int redactions)
    {
        var blots = Find(text, name);
        redactions = blots.Count;
        return Apply(text, blots);
    }

    /// <summary>The mark for a number that is a card's or a telephone's; null for any other.</summary>
    internal string? Number(string digits, string? name)
    {
        if (digits.Length is < 7 or > 19 || digits.AsSpan().ContainsAnyExceptInRange('0', '9')) return null;
        if (phone && NamedValue.IsPhone(name, digits)) return "[phone]";
        var blots = new List<Blot>();
        if (card) CardFinder.Find(digits, blots);
        return blots.Count > 0 ? "[card]" : null;
    }

    private List<Blot> Find(string text, string? name)
    {
        var blots = new List<Blot>();
        if (text.Length == 0) return blots;
        if (NamedValue.DataKind(name, text) is { } kind) return [new Blot(0, text.Length, kind)];
        if (secret && name is not null && SecretAssignments.IsSecret(name, text)) return [new Blot(0, text.Length, SecretFinder.Kind)];
        if (phone && NamedValue.IsPhone(name, text)) return [new Blot(0, text.Length, "phone")];

        DataUrlFinder.Find(text, blots);
        var folded = FoldedText.Of(text);
        var found = new List<Blot>();
        Look(folded.Span, found);
        foreach (var blot in found) blots.Add(folded.Original(blot));
        blots = Merge(blots);
        var alone = blots.Count;
        if (folded.Joined(out var joins) is { } joined) Across(joined, joins, alone, blots);
        Patterns(text, blots);
        return Merge(blots);
    }

    // What a line break cuts in two. A piece that was found without the part behind the break is taken across it only where that part reads like more of it.
    private void Across(FoldedText joined, List<int> joins, int alone, List<Blot> blots)
    {
        var found = new List<Blot>();
        Look(joined.Span, found);
        foreach (var blot in found)
        {
            var at = joins.BinarySearch(blot.Start + 1);
            if (at < 0) at = ~at;
            if (at >= joins.Count || joins[at] >= blot.End) continue; // It crosses no break.
            var original = joined.Original(blot);
            if (Overlaps(blots, alone, original) && !GoesOn(joined.Span[joins[at]..blot.End])) continue;
            blots.Add(original);
        }
    }

    // The first so many are in order, and apart.
    private static bool Overlaps(List<Blot> blots, int alone, in Blot piece)
    {
        var (low, high) = (0, alone);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (blots[middle].End <= piece.Start) low = middle + 1;
            else high = middle;
        }
        return low < alone && blots[low].Start < piece.End;
    }

    private static bool GoesOn(ReadOnlySpan<char> rest)
    {
        int digits = 0, letters = 0;
        foreach (var unit in rest)
        {
            if (char.IsAsciiDigit(unit)) digits++;
            else if (char.IsLetter(unit)) letters++;
        }
        return digits > 0 && letters > 0 && rest.Length >= 4 || rest.Length >= 20;
    }

    private void Look(ReadOnlySpan<char> text, List<Blot> found)
    {
        if (text.Length < Shortest) return;
        if (secret) SecretFinder.Find(text, found);
        if (card) CardFinder.Find(text, found);
        if (email) EmailFinder.Find(text, found);
        if (phone) PhoneFinder.Find(text, found);
    }

    private void Patterns(string text, List<Blot> blots)
    {
        try
        {
            foreach (var (name, pattern) in patterns)
            {
                foreach (var match in pattern.EnumerateMatches(text))
                {
                    if (match.Length > 0) blots.Add(new Blot(match.Index, match.Index + match.Length, name));
                }
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new RedactionException($"A pattern of the policy took longer than {PatternLimit.TotalSeconds} s over a text.", e);
        }
    }

    private static List<Blot> Merge(List<Blot> blots)
    {
        if (blots.Count < 2) return blots;
        blots.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.End.CompareTo(a.End));
        var merged = new List<Blot>(blots.Count) { blots[0] };
        foreach (var blot in blots.Skip(1))
        {
            var last = merged[^1];
            if (blot.Start >= last.End) merged.Add(blot);
            else merged[^1] = new Blot(last.Start, Math.Max(last.End, blot.End), Rank(blot.Kind) < Rank(last.Kind) ? blot.Kind : last.Kind);
        }
        return merged;
    }

    private static int Rank(string kind) => Array.IndexOf(s_order, kind) is >= 0 and var rank ? rank : s_order.Length;

    private static string Apply(string text, List<Blot> blots)
    {
        if (blots.Count == 0) return text;
        var kept = new StringBuilder(text.Length);
        var at = 0;
        foreach (var blot in blots)
        {
            kept.Append(text, at, blot.Start - at).Append('[').Append(blot.Kind).Append(']');
            at = blot.End;
        }
        return kept.Append(text, at, text.Length - at).ToString();
    }
}
