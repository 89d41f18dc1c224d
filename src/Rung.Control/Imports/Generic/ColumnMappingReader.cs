using Rung.Control.Imports.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rung.Control.Imports.Generic;

/// <summary>
/// Reads a mapping file: one flat YAML map of Rung's words to column names, with options among them. Walks the parser's events, so that every fault has its
/// line and no depth of nesting is followed.
/// </summary>
internal sealed class ColumnMappingReader
{
    // A mapping has some twenty lines.
    private const int MostCharacters = 65_536;

    private static readonly string[] s_options = ["input_includes_cache", "output_includes_reasoning", "time_unit", "latency_unit", "time_zone"];

    private readonly string path;
    private readonly Parser parser;
    private readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Value, int Line)> options = new(StringComparer.Ordinal);

    private ColumnMappingReader(string yaml, string path)
    {
        this.path = path;
        parser = new Parser(new StringReader(yaml));
    }

    /// <summary>Reads the text of a mapping file.</summary>
    /// <exception cref="ColumnMappingException">It is no mapping.</exception>
    public static ColumnMapping Read(string yaml, string path)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(path);
        if (yaml.Length > MostCharacters) throw new ColumnMappingException(path, 1, "The file is larger than 64 KiB.", "A mapping names columns, one a line; is this the log itself?");
        var reader = new ColumnMappingReader(yaml, path);
        try
        {
            reader.ReadMap();
        }
        catch (YamlException e)
        {
            throw new ColumnMappingException(path, (int)Math.Max(1, e.Start.Line), "This is not YAML.", "Write one \"word: column\" a line; quote a name that has a colon or a bracket.");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The scanner throws these for some malformed texts.
            throw new ColumnMappingException(path, reader.Line, "This is not YAML, from here on.", "Look for a stray quote, bracket or colon after this place.");
        }
        return reader.Build();
    }

    private int Line => (int)Math.Max(1, parser.Current?.Start.Line ?? 1);

    private void ReadMap()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _)) throw Fault(1, "The file is empty.", "Name at least one column: \"time: created_at\".");
        if (!parser.TryConsume<MappingStart>(out _)) throw Fault(Line, "The file is no map.", "Write one \"word: column\" a line, without dashes before it.");
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key)) throw Fault(Line, "A word is expected here.", "Write one \"word: column\" a line.");
            ReadEntry(key.Value, (int)key.Start.Line);
        }
    }

    private void ReadEntry(string word, int line)
    {
        if (fields.ContainsKey(word) || constants.ContainsKey(word) || options.ContainsKey(word)) throw Fault(line, $"\"{Shown(word)}\" is set twice.", "Keep one of the two lines.");
        if (s_options.Contains(word))
        {
            options.Add(word, (Value(word), line));
            return;
        }
        if (!TableWords.All.Contains(word)) throw Fault(line, $"\"{Shown(word)}\" is no word of a mapping.", NearestWord.Fix(word, [.. TableWords.All, .. s_options]));
        if (!parser.TryConsume<MappingStart>(out _))
        {
            fields.Add(word, Value(word));
            return;
        }
        if (!parser.TryConsume<Scalar>(out var inner) || inner.Value is not ("value" or "column")) throw Fault(Line, $"\"{word}\" takes a column's name, or {{ value: … }}.", "Write \"value:\" for a text that holds for every record.");
        (inner.Value == "value" ? constants : fields).Add(word, Value(word));
        if (!parser.TryConsume<MappingEnd>(out _)) throw Fault(Line, $"\"{word}\" takes one of value and column.", "Remove the other line.");
    }

    private string Value(string word)
    {
        if (!parser.TryConsume<Scalar>(out var scalar)) throw Fault(Line, $"\"{word}\" takes one text.", "Write the column's name behind the colon.");
        return scalar.Value.Trim() is { Length: > 0 } value ? value : throw Fault((int)scalar.Start.Line, $"\"{word}\" has no value.", "Write the column's name behind the colon, or remove the line.");
    }

    private ColumnMapping Build()
    {
        if (fields.Count == 0 && constants.Count == 0 && options.Count == 0) throw Fault(1, "The file maps nothing.", "Name at least one column: \"time: created_at\".");
        return new ColumnMapping(fields)
        {
            Constants = constants,
            InputIncludesCache = Truth("input_includes_cache"),
            OutputIncludesReasoning = Truth("output_includes_reasoning"),
            TimeUnit = Unit("time_unit", allowsIso: true) ?? TimeUnit.BySize,
            LatencyUnit = Unit("latency_unit", allowsIso: false),
            TimeZone = Zone(),
        };
    }

    private bool? Truth(string option)
    {
        if (!options.TryGetValue(option, out var set)) return null;
        return set.Value.ToLowerInvariant() switch
        {
            "true" or "yes" => true,
            "false" or "no" => false,
            _ => throw Fault(set.Line, $"\"{option}\" is neither true nor false.", "Write true or false."),
        };
    }

    private TimeUnit? Unit(string option, bool allowsIso)
    {
        if (!options.TryGetValue(option, out var set)) return null;
        return set.Value.ToLowerInvariant() switch
        {
            "s" => TimeUnit.Seconds,
            "ms" => TimeUnit.Milliseconds,
            "us" => TimeUnit.Microseconds,
            "ns" => TimeUnit.Nanoseconds,
            "iso" when allowsIso => TimeUnit.Iso,
            _ => throw Fault(set.Line, $"\"{Shown(set.Value)}\" is no unit.", allowsIso ? "Write s, ms, us, ns or iso." : "Write s, ms, us or ns."),
        };
    }

    private TimeZoneInfo? Zone()
    {
        if (!options.TryGetValue("time_zone", out var set)) return null;
        if (TimeReading.TryOffset(set.Value, out var offset)) return TimeZoneInfo.CreateCustomTimeZone(set.Value, offset, set.Value, set.Value);
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(set.Value);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException or IOException)
        {
            throw Fault(set.Line, $"\"{Shown(set.Value)}\" is no time zone of this machine.", "Write a name such as Europe/Berlin or UTC, or an offset such as +02:00.");
        }
    }

    private ColumnMappingException Fault(int line, string problem, string fix) => new(path, Math.Max(1, line), problem, fix);

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
