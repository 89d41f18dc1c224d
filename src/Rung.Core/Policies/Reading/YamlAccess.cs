using System.Collections.Immutable;

namespace Rung.Core.Policies.Reading;

/// <summary>Reads keys out of a YAML map leniently: what is missing or of the wrong type is null, because <see cref="ShapeReader"/> has already said so.</summary>
internal static class YamlAccess
{
    public static YamlValue? Child(this YamlValue? value, string key) => (value as YamlMap)?[key];

    public static string? Text(this YamlValue? value, string key) => ScalarReader.Text(value.Child(key));

    public static bool? Flag(this YamlValue? value, string key) => ScalarReader.Boolean(value.Child(key));

    public static decimal? Number(this YamlValue? value, string key) => ScalarReader.Number(value.Child(key));

    public static int? Integer(this YamlValue? value, string key) =>
        ScalarReader.Integer(value.Child(key)) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    public static ImmutableArray<string>? Texts(this YamlValue? value, string key) => Texts(value.Child(key));

    public static ImmutableArray<string>? Texts(YamlValue? value) =>
        value is YamlList list ? [.. list.Items.Select(ScalarReader.Text).OfType<string>()] : null;

    public static ImmutableArray<YamlValue> Items(this YamlValue? value, string key) => value.Child(key) is YamlList list ? list.Items : [];

    public static ImmutableArray<YamlEntry> Entries(this YamlValue? value, string key) => value.Child(key) is YamlMap map ? map.Entries : [];
}
