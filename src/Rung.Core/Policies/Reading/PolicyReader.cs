using System.Collections.Frozen;
using System.Text;
using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Reading;

/// <summary>Reads a policy's text into a <see cref="PolicyDocument"/>. Names are not resolved here; types, keys and ranges are checked.</summary>
internal static class PolicyReader
{
    /// <summary>Largest policy text in bytes of UTF-8.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Reads; with faults in the list, what could be read is still given so that later stages can report theirs too.</summary>
    /// <returns>Null when the text is no map at all.</returns>
    public static PolicyDocument? Read(string text, FaultList faults)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > MostBytes)
        {
            faults.Add(new Place(1, 1), "", $"The policy has {bytes} bytes; at most {MostBytes} are allowed.", "Split it, or remove what is not used.");
            return null;
        }
        if (YamlTree.Read(text, faults) is not { } root) return null;

        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        new ShapeReader(faults, places).Read(PolicyShape.Document, root, "", root.Place);
        return root is YamlMap map ? Bind(map) with { Places = places.ToFrozenDictionary(StringComparer.Ordinal) } : null;
    }

    private static PolicyDocument Bind(YamlMap map) => new()
    {
        Name = map.Text("name"),
        Tiers = [.. map.Entries("tiers").Select(entry => Tier(entry.Key, entry.Value))],
        Models = [.. map.Entries("models").Select(entry => ModelBinder.Bind(entry.Key, entry.Value))],
        Verifiers = [.. map.Entries("verifiers").Select(entry => VerifierBinder.Verifier(entry.Key, entry.Value))],
        Commands = [.. map.Entries("commands").Select(entry => VerifierBinder.Command(entry.Key, entry.Value))],
        Redactions = [.. map.Entries("redactions").Select(entry => new RedactionEntry(entry.Key, (entry.Value as YamlScalar)?.Text ?? ""))],
        Roles = [.. map.Entries("roles").Select(entry => RouteBinder.Bind(entry.Key, entry.Value))],
        Tags = [.. map.Entries("tags").Select(entry => RouteBinder.Bind(entry.Key, entry.Value))],
        Default = RouteBinder.Bind(PolicyShape.DefaultName, map["default"]),
        Pins = [.. map.Items("pins").Select(Pin)],
        Limits = RouteBinder.Limits(map["limits"]) ?? LimitsEntry.None,
        Control = ControlBinder.Control(map["control"]),
        Budgets = [.. map.Entries("budgets").Select(entry => ControlBinder.Budget(entry.Key, entry.Value))],
        Alerts = [.. map.Entries("alerts").Select(entry => ControlBinder.Alert(entry.Key, entry.Value))],
    };

    private static TierEntry Tier(string name, YamlValue? value) => new(name, value.Texts("models") ?? [], value.Flag("reference") ?? false);

    private static PinEntry Pin(YamlValue value)
    {
        var when = value.Child("when");
        return new PinEntry
        {
            Name = value.Text("name"),
            DataClass = when.Text("data_class"),
            Tag = when.Text("tag"),
            Role = when.Text("role"),
            Tenant = when.Text("tenant"),
            User = when.Text("user"),
            Models = value.Texts("models") ?? [],
            Why = value.Text("why"),
        };
    }
}
