using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rung.Core.Policies.Reading;

/// <summary>
/// Reads YAML text into <see cref="YamlValue"/>s. Bounded on every input: depth, and the number of nodes that a reader would walk with
/// all aliases expanded, so a text of nested aliases ("billion laughs") is a fault and not an outage.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Most nodes of a policy, aliases expanded.</summary>
    public const int MostNodes = 200_000;

    /// <summary>Deepest nesting; a policy without composed checks needs eight, and eight levels of <c>score</c> four more each.</summary>
    public const int Deepest = 48;

    private readonly Parser parser;
    private readonly FaultList faults;
    private readonly Dictionary<string, YamlValue> anchors = new(StringComparer.Ordinal);
    private long nodes;

    private YamlTree(string text, FaultList faults)
    {
        parser = new Parser(new StringReader(text));
        this.faults = faults;
    }

    /// <summary>Reads the one document of a text; null when it cannot be read at all, with the fault in the list.</summary>
    public static YamlValue? Read(string text, FaultList faults)
    {
        var tree = new YamlTree(text, faults);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException e)
        {
            faults.Add(At(e.Start), "", $"This is not YAML: {Sentence(e.Message)}", "Correct the syntax here; often it is the indentation, a missing quote, or a tab.");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The scanner of YamlDotNet 16.3 throws these for some malformed texts (found by fuzzing), without a place: the end of the last good part is near.
            faults.Add(tree.parser.Current is { } last ? At(last.End) : new Place(1, 1), "", "This is not YAML, from here on.",
                "Look for a stray character after this place: a quote, a bracket, a colon, or one of & * ! | > % @.");
            return null;
        }
    }

    private YamlValue? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            faults.Add(new Place(1, 1), "", "The policy is empty.", "Start with \"version: 1\", then tiers, models and default.");
            return null;
        }
        var value = ReadValue(depth: 0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            faults.Add(At(second.Start), "", "The file holds more than one document.", "Keep one policy in a file: remove the \"---\" and what follows it.");
        }
        return value;
    }

    private YamlValue ReadValue(int depth)
    {
        var next = parser.Current ?? throw new YamlException("the text ends too early");
        if (depth > Deepest) throw new YamlException(next.Start, next.End, $"it is nested deeper than {Deepest} levels");
        var anchor = next is NodeEvent { Anchor.IsEmpty: false } node ? node.Anchor.Value : null;
        var value = next switch
        {
            AnchorAlias alias => Resolve(alias),
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(depth),
            MappingStart => ReadMap(depth),
            _ => throw new YamlException(next.Start, next.End, "a value is missing"),
        };
        // Registered only once it is complete: a value that contains itself is an unknown anchor, not an endless walk.
        if (anchor is not null && next is not AnchorAlias) anchors[anchor] = value;
        return value;
    }

    private YamlValue Resolve(AnchorAlias alias)
    {
        parser.MoveNext();
        if (!anchors.TryGetValue(alias.Value.Value, out var value))
            throw new YamlException(alias.Start, alias.End, "the alias names an anchor that does not exist above it");
        Count(value.Size, alias);
        return value;
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        parser.MoveNext();
        Count(1, scalar);
        return new YamlScalar(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private YamlList ReadList(int depth)
    {
        var start = parser.Consume<SequenceStart>();
        Count(1, start);
        var items = ImmutableArray.CreateBuilder<YamlValue>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadValue(depth + 1));
        return new YamlList(At(start.Start), items.ToImmutable());
    }

    private YamlMap ReadMap(int depth)
    {
        var start = parser.Consume<MappingStart>();
        Count(1, start);
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var keyPlace = At(parser.Current!.Start);
            var key = ReadValue(depth + 1);
            var value = ReadValue(depth + 1);
            if (key is not YamlScalar { Text: var name })
            {
                faults.Add(keyPlace, "", $"A key must be a single word, but this is {key.Kind}.", "Write the key as plain text before the colon.");
            }
            else if (!seen.TryAdd(name, keyPlace))
            {
                faults.Add(keyPlace, "", $"The key \"{Quotation.Of(name)}\" is already set on line {seen[name].Line}.", "Keep one of the two; the second never wins silently.");
            }
            else
            {
                entries.Add(new YamlEntry(name, keyPlace, value));
            }
        }
        return new YamlMap(At(start.Start), entries.ToImmutable());
    }

    private void Count(int more, ParsingEvent at)
    {
        nodes += more;
        if (nodes > MostNodes) throw new YamlException(at.Start, at.End, $"it holds more than {MostNodes} values once its aliases are expanded");
    }

    private static Place At(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";
}
