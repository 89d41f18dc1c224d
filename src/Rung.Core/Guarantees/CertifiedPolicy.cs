using System.Globalization;
using System.Text.RegularExpressions;
using Rung.Core.Policies.Changes;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Guarantees;

/// <summary>
/// Writes a certified threshold and its evidence into the text of a policy: exactly these two scalars, so that comments, order and layout stay. Where that
/// cannot be done safely nothing is changed.
/// </summary>
public static partial class CertifiedPolicy
{
    /// <summary>Edits.</summary>
    /// <param name="text">The policy, which compiles.</param>
    /// <param name="tag">A tag of it.</param>
    /// <param name="scoredAt">Place of the verifier check among the route's checks; −1 when only the evidence changes.</param>
    /// <param name="threshold">The threshold, 0 to 1.</param>
    /// <param name="evidence">Path of the certificate, relative to the policy.</param>
    /// <param name="problem">Why nothing was changed when the result is null.</param>
    public static string? Edit(string text, string tag, int scoredAt, double? threshold, string evidence, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (PolicyText.Read(text) is not { } document || document.Tags.FirstOrDefault(entry => entry.Name == tag) is not { } entry)
        {
            problem = "The policy cannot be read.";
            return null;
        }
        var path = PolicyPath.Of("tags", tag);
        var edits = new List<(int At, int Length, string With)>();
        problem = null;
        if (scoredAt >= 0 && threshold is { } least)
        {
            if (entry.Checks is null) problem = $"The checks of tag {tag} are its role's, and other tags may share them.";
            else if (PolicyText.ScalarAt(text, document, PolicyPath.Of(PolicyPath.Of(PolicyPath.Item(PolicyPath.Of(path, "checks"), scoredAt), "verifier"), "at_least"), Number()) is { } number)
                edits.Add((number.Index, number.Length, least.ToString("0.###", CultureInfo.InvariantCulture)));
            else problem = "The threshold is not written as a plain number.";
        }
        if (problem is null) problem = AddEvidence(text, document, entry, path, evidence, edits);
        if (problem is not null) return null;

        foreach (var (at, length, with) in edits.OrderByDescending(edit => edit.At)) text = text[..at] + with + text[(at + length)..];
        if (PolicyText.Read(text)?.Tags.FirstOrDefault(one => one.Name == tag) is { } now && now.Evidence == evidence) return text;
        problem = "The policy would no longer read as it should.";
        return null;
    }

    /// <summary>Moves a tag to another tier and names its evidence, in the same way.</summary>
    /// <param name="text">The policy, which compiles.</param>
    /// <param name="tag">A tag of it.</param>
    /// <param name="tier">The tier's name.</param>
    /// <param name="evidence">Path of the evidence, relative to the policy.</param>
    /// <param name="problem">Why nothing was changed when the result is null.</param>
    public static string? Move(string text, string tag, string tier, string evidence, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Edit(text, tag, scoredAt: -1, threshold: null, evidence, out problem) is not { } proved) return null;
        if (PolicyText.Read(proved) is not { } document || PolicyText.ScalarAt(proved, document, PolicyPath.Of(PolicyPath.Of("tags", tag), "tier"), PolicyText.OneLine()) is not { } at)
        {
            problem = $"Tag {tag} has no tier of its own on one line.";
            return null;
        }
        var moved = proved[..at.Index] + tier + proved[(at.Index + at.Length)..];
        if (PolicyText.Read(moved)?.Tags.FirstOrDefault(one => one.Name == tag) is { } now && now.Evidence == evidence && now.Tier == tier) return moved;
        problem = "The policy would no longer read as it should.";
        return null;
    }

    private static string? AddEvidence(string text, PolicyDocument document, RouteEntry entry, string path, string evidence, List<(int, int, string)> edits)
    {
        if (!PlainPath().IsMatch(evidence)) return "The path of the certificate needs quotes.";
        if (entry.Evidence is not null)
        {
            if (PolicyText.ScalarAt(text, document, PolicyPath.Of(path, "evidence"), PolicyText.OneLine()) is not { } known) return "The evidence is written over several lines.";
            edits.Add((known.Index, known.Length, evidence));
            return null;
        }
        if (entry.EvidenceGap is not null)
        {
            if (PolicyText.ScalarAt(text, document, PolicyPath.Of(path, "evidence"), GapOnOneLine()) is not { } gap) return "The evidence is written over several lines.";
            edits.Add((gap.Index, gap.Length, $"evidence: {evidence}"));
            return null;
        }
        if (!document.Places.TryGetValue(PolicyPath.Of(path, "tier"), out var tier)) return $"Tag {entry.Name} has neither evidence nor a tier of its own to put it beside.";
        var line = PolicyText.LineStart(text, tier.Line);
        if (TierLine().Match(text, line) is not { Success: true } block || block.Index != line) return $"Tag {entry.Name} is written on one line.";
        edits.Add((line, 0, $"{block.Groups[1].Value}evidence: {evidence}\n"));
        return null;
    }

    [GeneratedRegex(@"\G\d*\.?\d+(?=\s*[,}\]#\r\n]|\s*$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    // A map's place is that of its key.
    [GeneratedRegex("""\Gevidence:[ \t]*\{(?:[^"'{}\r\n]|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*')*\}""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GapOnOneLine();

    [GeneratedRegex(@"\G([ ]+)tier:", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TierLine();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/-]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainPath();
}
