using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rung.Control.Audit.Sites;

/// <summary>Reads the file of names. The first fault ends it, with line, path and fix.</summary>
internal sealed class SiteNamesReader(string path)
{
    private const int MostChars = 1024 * 1024, MostSites = 5_000;
    private const string TagRule = "Use small letters, digits, dot, dash and underscore, at most 64 of them";

    /// <summary>Reads a text.</summary>
    /// <exception cref="SiteNamesException">It cannot be used.</exception>
    public SiteNames Read(string text)
    {
        if (text.Length > MostChars) throw new SiteNamesException(path, 1, "", $"The file has {text.Length} characters; at most {MostChars} are allowed.", "Remove the entries of sites that no longer exist.");
        if (Parse(text) is not { } root) return SiteNames.Empty;
        var map = Map(root, "");
        Allow(map, "", "version", "inferred_tags", "sites");
        if (Child(map, "version") is not { } version) throw Fault(map, "", "\"version\" is missing.", "Start the file with \"version: 1\".");
        if (Text(version, "version") != "1") throw Fault(version, "version", $"Version {Text(version, "version")} is not known.", "Write \"version: 1\".");
        return new SiteNames { KeepsInferredTags = KeepsInferred(map), Sites = Sites(Child(map, "sites")) };
    }

    private YamlNode? Parse(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 1) throw Fault(stream.Documents[1].RootNode, "", "The file holds more than one document.", "Remove the \"---\" and what follows it.");
            // A file of comments only is a file that says nothing.
            return stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode { Value: null or "" } ? null : stream.Documents[0].RootNode;
        }
        catch (YamlException e)
        {
            throw new SiteNamesException(path, Math.Max(1, e.Start.Line), "", $"This is not YAML: {e.Message.TrimEnd('.')}.", "Correct the syntax here; often it is the indentation, a missing quote, a key set twice, or a tab.");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // Some malformed texts end in these inside the YAML library, without a place.
            throw new SiteNamesException(path, 1, "", "This is not YAML.", "Look for a stray quote, bracket or one of & * ! | > % @.");
        }
    }

    private bool KeepsInferred(YamlMappingNode map)
    {
        if (Child(map, "inferred_tags") is not { } node) return true;
        return Text(node, "inferred_tags") switch
        {
            "keep" => true,
            "ignore" => false,
            var other => throw Fault(node, "inferred_tags", $"\"{other}\" is not known.", "Write keep or ignore."),
        };
    }

    private ImmutableArray<SiteName> Sites(YamlNode? node)
    {
        if (node is null or YamlScalarNode { Value: null or "" }) return [];
        if (node is not YamlSequenceNode list) throw Fault(node, "sites", "It must be a list.", "Begin each site with \"- match:\".");
        if (list.Children.Count > MostSites) throw Fault(node, "sites", $"It has {list.Children.Count} entries; at most {MostSites} are allowed.", "Merge entries by lists: \"fingerprint: [a, b]\".");
        return [.. list.Children.Select((child, i) => Site(child, $"sites[{i}]"))];
    }

    private SiteName Site(YamlNode node, string place)
    {
        var map = Map(node, place);
        Allow(map, place, "match", "tag", "role", "ignore");
        if (Child(map, "match") is not { } match) throw Fault(map, place, "\"match\" is missing.", "Say which site is meant: \"match: { fingerprint: … }\".");
        var conditions = Map(match, place + ".match");
        Allow(conditions, place + ".match", "fingerprint", "tag", "agent", "step");
        if (conditions.Children.Count == 0) throw Fault(match, place + ".match", "It is empty and would fit every site.", "Name a fingerprint, tag, agent or step.");
        var site = new SiteName
        {
            Fingerprints = Words(conditions, "fingerprint", place),
            Tags = Words(conditions, "tag", place),
            Agents = Words(conditions, "agent", place),
            Steps = Words(conditions, "step", place),
            Tag = Tag(map, "tag", place),
            Role = Tag(map, "role", place),
            Ignore = Flag(map, "ignore", place),
        };
        if (site is { Tag: null, Role: null, Ignore: false }) throw Fault(map, place, "It says nothing of the site.", "Add a tag, a role, or \"ignore: true\".");
        return site;
    }

    private ImmutableArray<string> Words(YamlMappingNode map, string key, string place)
    {
        if (Child(map, key) is not { } node) return [];
        var at = $"{place}.match.{key}";
        if (node is not YamlSequenceNode list) return [Text(node, at)];
        if (list.Children.Count == 0) throw Fault(node, at, "The list is empty and fits no site.", "Name at least one, or remove the key.");
        return [.. list.Children.Select((child, i) => Text(child, $"{at}[{i}]"))];
    }

    private string? Tag(YamlMappingNode map, string key, string place)
    {
        if (Child(map, key) is not { } node) return null;
        var text = Text(node, $"{place}.{key}");
        if (!TagText.IsTag(text)) throw Fault(node, $"{place}.{key}", $"\"{text}\" is no {key}.", $"{TagRule}, for example \"{TagText.Of(text, TagText.Longest)}\".");
        return text;
    }

    private bool Flag(YamlMappingNode map, string key, string place)
    {
        if (Child(map, key) is not { } node) return false;
        return Text(node, $"{place}.{key}") switch
        {
            "true" => true,
            "false" => false,
            var other => throw Fault(node, $"{place}.{key}", $"\"{other}\" is neither true nor false.", "Write true or false."),
        };
    }

    private void Allow(YamlMappingNode map, string place, params string[] keys)
    {
        foreach (var key in map.Children.Keys)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!keys.Contains(name, StringComparer.Ordinal)) throw Fault(key, place, $"The key \"{name}\" is not known.", $"Known here: {string.Join(", ", keys)}.");
        }
    }

    private YamlMappingNode Map(YamlNode node, string place) =>
        node as YamlMappingNode ?? throw Fault(node, place, "It must be a map of keys and values.", "Write \"key: value\" lines.");

    private string Text(YamlNode node, string place) =>
        node is YamlScalarNode { Value: { Length: > 0 } value } ? value : throw Fault(node, place, "It must be one word.", "Write a value after the colon.");

    private static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    private SiteNamesException Fault(YamlNode node, string place, string problem, string fix) => new(path, Math.Max(1, node.Start.Line), place, problem, fix);
}
