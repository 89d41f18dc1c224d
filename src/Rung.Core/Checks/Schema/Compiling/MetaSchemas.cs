using System.Collections.Frozen;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>The meta-schemas of the known drafts, as json-schema.org publishes them, built in so that nothing is fetched.</summary>
internal static class MetaSchemas
{
    public const string Draft7 = "http://json-schema.org/draft-07/schema";
    public const string Draft201909 = "https://json-schema.org/draft/2019-09/schema";
    public const string Draft202012 = "https://json-schema.org/draft/2020-12/schema";

    private static readonly FrozenDictionary<string, string> Files = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Draft7] = "draft-07",
        [Draft201909] = "2019-09/schema",
        ["https://json-schema.org/draft/2019-09/meta/core"] = "2019-09/core",
        ["https://json-schema.org/draft/2019-09/meta/applicator"] = "2019-09/applicator",
        ["https://json-schema.org/draft/2019-09/meta/validation"] = "2019-09/validation",
        ["https://json-schema.org/draft/2019-09/meta/meta-data"] = "2019-09/meta-data",
        ["https://json-schema.org/draft/2019-09/meta/format"] = "2019-09/format",
        ["https://json-schema.org/draft/2019-09/meta/content"] = "2019-09/content",
        [Draft202012] = "2020-12/schema",
        ["https://json-schema.org/draft/2020-12/meta/core"] = "2020-12/core",
        ["https://json-schema.org/draft/2020-12/meta/applicator"] = "2020-12/applicator",
        ["https://json-schema.org/draft/2020-12/meta/unevaluated"] = "2020-12/unevaluated",
        ["https://json-schema.org/draft/2020-12/meta/validation"] = "2020-12/validation",
        ["https://json-schema.org/draft/2020-12/meta/meta-data"] = "2020-12/meta-data",
        ["https://json-schema.org/draft/2020-12/meta/format-annotation"] = "2020-12/format-annotation",
        ["https://json-schema.org/draft/2020-12/meta/format-assertion"] = "2020-12/format-assertion",
        ["https://json-schema.org/draft/2020-12/meta/content"] = "2020-12/content",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The text of a meta-schema; null when it is none of the known ones.</summary>
    public static ReadOnlyMemory<byte>? Find(string uri)
    {
        if (!Files.TryGetValue(uri, out var file)) return null;
        using var stream = typeof(MetaSchemas).Assembly.GetManifestResourceStream($"Rung.Core.Checks.Schema.MetaSchemas/{file}.json")
            ?? throw new InvalidOperationException($"The meta-schema {file} is missing from the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
