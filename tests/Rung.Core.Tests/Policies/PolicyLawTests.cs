using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Policies.Changes;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Tests.Policies;

public partial class PolicyLawTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20_261_122, 7);

    [Fact]
    public void Writing_and_reading_a_policy_gives_it_back() => Prop.ForAll(AnyPolicy.Seeds, seed =>
    {
        var text = PolicyWriter.Write(AnyPolicy.Of(seed));
        Assert.Equal(text, PolicyWriter.Write(Read(text)));
        SomePolicy.Snapshot(text);
    }).Check(Fixed);

    [Fact]
    public void A_policy_does_not_differ_from_itself() => Prop.ForAll(AnyPolicy.Seeds, seed =>
    {
        var text = PolicyWriter.Write(AnyPolicy.Of(seed));
        return PolicyDiff.Compare(SomePolicy.Snapshot(text), SomePolicy.Snapshot(text).WithRevision(9)).IsEmpty;
    }).Check(Fixed);

    [Fact]
    public void Every_change_of_a_value_is_a_difference() => Prop.ForAll(AnyPolicy.Seeds, seed =>
    {
        var text = PolicyWriter.Write(AnyPolicy.Of(seed));
        var variants = Variants(text).ToList();
        AssertDiffers(text, variants[seed % variants.Count]);
    }).Check(Fixed);

    [Fact]
    public void Every_value_of_a_full_policy_reaches_the_document_the_snapshot_and_the_difference()
    {
        var text = PolicyWriter.Write(Read(SomePolicy.Full));
        var variants = Variants(text).ToList();

        Assert.True(variants.Count > 100, $"Only {variants.Count} values were changed.");
        foreach (var variant in variants)
        {
            Assert.Equal(variant, PolicyWriter.Write(Read(variant)));
            AssertDiffers(text, variant);
        }
    }

    [Fact]
    public void A_full_policy_uses_every_key_and_the_writer_keeps_them_all()
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        Collect(PolicyShape.Document, "", keys);
        var text = PolicyWriter.Write(Read(SomePolicy.Full));

        // A trained verifier needs a model file: it has tests of its own.
        Assert.All(keys.Where(key => key != "trained"), key => Assert.Matches($"(?m)^[ -]*{Regex.Escape(key)}:", text));
    }

    internal static void Collect(Shape shape, string key, HashSet<string> keys)
    {
        if (key.Length > 0) keys.Add(key);
        switch (shape)
        {
            case ObjectShape map: foreach (var entry in map.Keys) Collect(entry.Shape, entry.Name, keys); break;
            case NamedShape named: Collect(named.Value, "", keys); break;
            case ListShape list: Collect(list.Item, "", keys); break;
            case NamedReference reference when keys.Add(reference.Name): Collect(reference.Target, "", keys); break;
            case ChoiceShape choice: foreach (var option in choice.Options) Collect(option, "", keys); break;
            default: break;
        }
    }

    private static PolicyDocument Read(string text)
    {
        var faults = new FaultList("p");
        var document = PolicyReader.Read(text, faults);
        Assert.True(faults.IsEmpty && document is not null, string.Join("\n", faults.InOrder()) + "\n" + text);
        return document;
    }

    private static void AssertDiffers(string before, string after)
    {
        var compiled = SomePolicy.Compile(after);
        var line = after.Split('\n').Zip(before.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second).First;
        Assert.True(compiled.Snapshot is not null, $"{line}: {string.Join("\n", compiled.Faults)}");
        var changes = PolicyDiff.Compare(SomePolicy.Snapshot(before), compiled.Snapshot);
        Assert.True(!changes.IsEmpty, $"No difference for: {line}");
        Assert.All(changes, change => Assert.True(change.Sentence.Length > 0 && change.Path.Length > 0));
    }

    /// <summary>The canonical text with one value changed to another good one, once for each value that can be.</summary>
    private static IEnumerable<string> Variants(string text)
    {
        var lines = text.Split('\n');
        var tiers = Names(lines, "tiers:");
        var models = Names(lines, "models:");
        for (var i = 0; i < lines.Length; i++)
        {
            if (Line().Match(lines[i]) is not { Success: true } match) continue;
            if (Other(match.Groups["key"].Value, match.Groups["value"].Value, tiers, models) is not { } other) continue;
            var copy = lines.ToArray();
            copy[i] = $"{match.Groups["head"].Value}{match.Groups["key"].Value}: {other}";
            yield return string.Join("\n", copy);
        }
    }

    private static string[] Names(string[] lines, string section) =>
        [.. lines.SkipWhile(line => line != section).Skip(1).TakeWhile(line => line.StartsWith(' ')).Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ').Select(line => line.Trim().TrimEnd(':'))];

    private static string? Other(string key, string value, string[] tiers, string[] models) => key switch
    {
        "version" or "reference" or "json" or "schema" or "role" or "escalate" or "provider" or "command" or "use" or "hold_until" or "run" or "arithmetic" or "cites" or "judge" or "capture" or "redact" => null,
        "body" => value.Replace("inputs", "input", StringComparison.Ordinal),
        "quotes" => null,
        "file" when value.Contains('/', StringComparison.Ordinal) => null,
        "stream" => value == "pass" ? "hold" : "pass",
        "by" => value == "text" ? "number" : "text",
        "arguments" => value == "object" ? "schema" : "object",
        "unavailable" => value == "pass" ? "fail" : "pass",
        "model" => models.FirstOrDefault(model => model != value),
        "of" when value.Length == 0 => null,
        "tier" or "to" or "of" => tiers.FirstOrDefault(tier => tier != value),
        "models" => OtherModels(value, models),
        "can" or "on" => value.Contains(',', StringComparison.Ordinal) ? $"[{value[(value.IndexOf(',', StringComparison.Ordinal) + 2)..]}" : value.Contains("tools", StringComparison.Ordinal) || value.Contains("truncated", StringComparison.Ordinal) ? (key == "on" ? "[refused]" : "[vision]") : key == "on" ? "[truncated]" : "[tools]",
        "required" or "allowed" or "values" when value[0] == '[' => value.Replace("]", ", extra]", StringComparison.Ordinal),
        "tool_calls" => value == "true" ? "required" : "true",
        "missing" => value == "proposed" ? "in_use" : "proposed",
        "verdict" => value == "judge" ? "check" : "judge",
        "confidence" => "0.75",
        "score" when value == "pairwise" => "rubric",
        "steering" => value == "propose" ? "act" : "propose",
        "per" => value == "month" ? "day" : "month",
        "format" => value == "slack" ? "alertmanager" : "slack",
        "at_least" when value is "warning" or "info" or "critical" => value == "warning" ? "critical" : "warning",
        "tags" when value.Contains(',', StringComparison.Ordinal) => $"[{value[(value.IndexOf(',', StringComparison.Ordinal) + 2)..]}",
        "exhausted" => value == "error" ? "last_answer" : "error",
        "key_header" => value == "bearer" ? "api-key" : "bearer",
        "cap_field" => value == "max_tokens" ? "as_given" : "max_tokens",
        "min" => (decimal.Parse(value, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture) is var less && less.StartsWith('-') && !value.StartsWith('-') ? "1" : less,
        "max" => (decimal.Parse(value, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
        _ when value is "true" => "false",
        _ when value is "false" => "true",
        _ when long.TryParse(value, out var whole) => (whole > 1 ? whole - 1 : whole + 1).ToString(CultureInfo.InvariantCulture),
        _ when decimal.TryParse(value, CultureInfo.InvariantCulture, out var number) => (number / 2).ToString(CultureInfo.InvariantCulture),
        _ when value.StartsWith('"') => value[..^1] + "x\"",
        _ when value.StartsWith('[') || value.StartsWith('{') => null,
        _ => value + "x",
    };

    private static string? OtherModels(string value, string[] models)
    {
        if (value.Contains(',', StringComparison.Ordinal)) return $"[{value[(value.IndexOf(',', StringComparison.Ordinal) + 2)..]}";
        return models.FirstOrDefault(model => value != $"[{model}]") is { } other ? $"[{other}]" : null;
    }

    [GeneratedRegex("""^(?<head>[ -]*)(?<key>[a-z0-9_]+): (?<value>.+)$""")]
    private static partial Regex Line();
}
