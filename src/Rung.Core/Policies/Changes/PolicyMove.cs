using System.Globalization;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Changes;

/// <summary>
/// Edits of a policy's text that the control loop makes by itself: a tag on another tier, the blocks of some tags taken over from another policy. Comments, order and layout
/// of everything else stay. The result is read again; where it does not say exactly what it should, nothing is changed.
/// </summary>
public static class PolicyMove
{
    /// <summary>
    /// Puts a tag on another tier. Where the tier is the role's, the tag gets a line of its own. An escalation that would no longer go up is led one rung above the new tier,
    /// or ended when there is none.
    /// </summary>
    /// <param name="text">The policy, which compiles.</param>
    /// <param name="tag">A tag that has a block in it.</param>
    /// <param name="tier">A tier of it.</param>
    /// <param name="problem">Why nothing was changed when the result is null.</param>
    public static string? SetTier(string text, string tag, string tier, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (PolicyText.Read(text) is not { } document || PolicyText.Tree(text) is not { } tree)
        {
            problem = "The policy cannot be read.";
            return null;
        }
        if (document.Tags.FirstOrDefault(entry => entry.Name == tag) is not { } before || KeysOf(tree, tag) is not { Value: YamlMap keys })
        {
            problem = $"The policy has no block for tag {tag}.";
            return null;
        }
        var rung = Index(document, tier);
        if (rung < 0)
        {
            problem = $"The policy has no tier {tier}.";
            return null;
        }
        var edits = new List<TextEdit>();
        var added = new List<string>();
        if (before.Tier is null) added.Add($"tier: {tier}");
        else if (before.Tier != tier && !Replace(PolicyPath.Of(PolicyPath.Of("tags", tag), "tier"), tier))
        {
            problem = $"The tier of tag {tag} is not written on one line.";
            return null;
        }
        var after = before with { Tier = tier };
        var climb = before.Escalate ?? document.Roles.FirstOrDefault(role => role.Name == before.Role)?.Escalate;
        if (climb?.To is { } to && Index(document, to) <= rung)
        {
            var above = rung + 1 < document.Tiers.Length ? document.Tiers[rung + 1].Name : null;
            after = after with { Escalate = above is null ? new EscalateEntry() : climb with { To = above } };
            if (before.Escalate is null) added.Add(above is null ? "escalate: none" : Written(after.Escalate));
            else if (above is not null)
            {
                if (!Replace(PolicyPath.Of(PolicyPath.Of(PolicyPath.Of("tags", tag), "escalate"), "to"), above))
                {
                    problem = $"The escalation of tag {tag} is not written in a way that can be changed.";
                    return null;
                }
            }
            else if (SpanOf(text, keys, "escalate") is { } whole)
            {
                edits.Add(whole with { With = "escalate: none" });
            }
        }
        if (added.Count > 0 && !Insert(text, keys, added, edits))
        {
            problem = $"The block of tag {tag} is not written in a way that can be changed.";
            return null;
        }
        var expected = document with { Tags = document.Tags.Replace(before, after) };
        return TextEdit.Apply(text, edits, expected, out problem);

        bool Replace(string path, string with)
        {
            if (PolicyText.ScalarAt(text, document, path, PolicyText.OneLine()) is not { } at) return false;
            edits.Add(new TextEdit(at.Index, at.Length, with));
            return true;
        }
    }

    /// <summary>
    /// Takes the blocks of some tags over from another policy: added, changed or removed. Refused when the two policies differ in something else that those tags need: then the
    /// tags would not do in the result what they do in the other policy.
    /// </summary>
    /// <param name="currentText">The policy that is changed; it compiles.</param>
    /// <param name="candidateText">The policy that the blocks come from; it compiles.</param>
    /// <param name="tags">The tags; empty: every tag of either policy.</param>
    /// <param name="problem">Why nothing was changed when the result is null.</param>
    public static string? SpliceTags(string currentText, string candidateText, IReadOnlyCollection<string> tags, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(currentText);
        ArgumentNullException.ThrowIfNull(candidateText);
        ArgumentNullException.ThrowIfNull(tags);
        if (PolicyText.Read(currentText) is not { } current || PolicyText.Read(candidateText) is not { } candidate)
        {
            problem = "One of the policies cannot be read.";
            return null;
        }
        var wanted = tags.Count > 0 ? tags.ToHashSet(StringComparer.Ordinal) : [.. current.Tags.Concat(candidate.Tags).Select(tag => tag.Name)];
        problem = PolicyNeeds.Difference(current, candidate, wanted);
        return problem is null ? TagSplice.Apply(currentText, candidateText, current, candidate, wanted, out problem) : null;
    }

    internal static YamlEntry? KeysOf(YamlMap tree, string tag) => (tree["tags"] as YamlMap)?.Entries.FirstOrDefault(entry => entry.Key == tag);

    private static int Index(PolicyDocument document, string tier)
    {
        for (var i = 0; i < document.Tiers.Length; i++)
        {
            if (document.Tiers[i].Name == tier) return i;
        }
        return -1;
    }

    private static string Written(EscalateEntry escalate)
    {
        var parts = new List<string> { $"to: {escalate.To}" };
        if (escalate.On is { } on) parts.Add($"on: [{string.Join(", ", on)}]");
        if (escalate.Times is { } times) parts.Add(string.Create(CultureInfo.InvariantCulture, $"times: {times}"));
        if (escalate.Exhausted is { } last) parts.Add($"exhausted: {last}");
        if (escalate.MaxUsd is { } usd) parts.Add($"max_usd: {Compiling.Amounts.Plain(usd)}");
        if (escalate.MaxSeconds is { } seconds) parts.Add($"max_seconds: {Compiling.Amounts.Plain(seconds)}");
        return $"escalate: {{ {string.Join(", ", parts)} }}";
    }

    // The whole of a key with its value, without the end of its last line.
    private static TextEdit? SpanOf(string text, YamlMap map, string key)
    {
        if (map.Entries.FirstOrDefault(entry => entry.Key == key) is not { } entry) return null;
        if (PolicyText.IsFlow(text, map)) return PolicyText.FlowOf(text, entry) is { } flow ? new TextEdit(flow.Start, flow.End - flow.Start, "") : null;
        if (PolicyText.BlockOf(text, entry, withComments: false) is not { } block) return null;
        var start = PolicyText.OffsetOf(text, entry.KeyPlace);
        return new TextEdit(start, text.AsSpan(start, block.End - start).TrimEnd().Length, "");
    }

    private static bool Insert(string text, YamlMap keys, List<string> lines, List<TextEdit> edits)
    {
        if (PolicyText.IsFlow(text, keys))
        {
            edits.Add(new TextEdit(PolicyText.OffsetOf(text, keys.Place) + 1, 0, $" {string.Join(", ", lines)}{(keys.Entries.IsEmpty ? " " : ",")}"));
            return true;
        }
        if (keys.Entries.IsEmpty || PolicyText.BlockOf(text, keys.Entries[0], withComments: false) is not { } first) return false;
        var indent = new string(' ', keys.Entries[0].KeyPlace.Column - 1);
        edits.Add(new TextEdit(first.Start, 0, string.Concat(lines.Select(line => $"{indent}{line}{TextEdit.LineEnd(text)}"))));
        return true;
    }
}
