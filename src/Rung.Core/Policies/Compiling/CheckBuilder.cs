using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Rung.Core.Checks;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Compiling;

/// <summary>A check, and the text that says all of it.</summary>
internal sealed record BuiltCheck(Check Check, string Text);

/// <summary>Builds the checks of every route once, and remembers the files that they include.</summary>
internal sealed class CheckBuilder(PolicySource source, FaultList faults)
{
    private const int MostFileBytes = 1024 * 1024;
    private const int DefaultRegexLimitMs = 100;

    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> files = new(StringComparer.Ordinal);

    /// <summary>Every file that was read, by its path as written, in ordinal order.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files => files;

    /// <summary>Builds the checks of one route; those with faults are left out.</summary>
    public ImmutableArray<BuiltCheck> Build(ImmutableArray<CheckEntry> entries, string path, PolicyDocument document)
    {
        var built = ImmutableArray.CreateBuilder<BuiltCheck>(entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            var itemPath = PolicyPath.Item(path, i);
            if (Build(entries[i], itemPath, document.PlaceOf(itemPath)) is { } check) built.Add(check);
        }
        return built.ToImmutable();
    }

    private BuiltCheck? Build(CheckEntry entry, string path, Place place)
    {
        if (faults.HasAt(path)) return null; // Misread already; what the factory would say of it would only confuse.
        string? fault = null;
        var check = entry switch
        {
            JsonCheckEntry => CheckFactory.Json(),
            SchemaCheckEntry schema => Schema(schema.Path, path, place),
            RequiredCheckEntry required => CheckFactory.Required(required.Fields, out fault),
            AllowedCheckEntry allowed => CheckFactory.Allowed(allowed.Values, allowed.Field, allowed.Normalised ?? true, out fault),
            RegexCheckEntry regex => CheckFactory.Regex(regex.Pattern, regex.Match ?? true, TimeSpan.FromMilliseconds(regex.LimitMs ?? DefaultRegexLimitMs), out fault),
            LengthCheckEntry length => CheckFactory.Length(length.Min, length.Max, out fault),
            BoundsCheckEntry bounds => CheckFactory.Bounds(bounds.Field, bounds.Min, bounds.Max, out fault),
            ToolCallsCheckEntry tools => CheckFactory.ToolCalls(tools.Required),
            _ => null,
        };
        if (fault is not null) faults.Add(place, path, fault, "Correct the check, or remove it.");
        return check is null ? null : new BuiltCheck(check, Describe(entry));
    }

    private Check? Schema(string file, string path, Place place)
    {
        var schemaPath = PolicyPath.Of(path, "schema");
        if (!IsInside(file))
        {
            faults.Add(place, schemaPath, "A schema must lie in the folder of the policy or below it.", "Use a relative path with forward slashes and without \"..\": schemas/intent.json.");
            return null;
        }
        if (Load(file) is not { } bytes)
        {
            faults.Add(place, schemaPath, $"The file \"{Quotation.Of(file)}\" was not found.", "Paths are relative to the folder of the policy: check the name, or add the file.");
            return null;
        }
        if (bytes.Length > MostFileBytes)
        {
            faults.Add(place, schemaPath, $"The file \"{Quotation.Of(file)}\" has {bytes.Length} bytes; at most {MostFileBytes} are allowed.", "Use a smaller schema.");
            return null;
        }
        var check = CheckFactory.Schema(file, bytes, out var fault);
        if (check is null) faults.Add(place, schemaPath, $"The schema \"{Quotation.Of(file)}\" cannot be used: {fault}", "Correct the schema file.");
        return check;
    }

    private ReadOnlyMemory<byte>? Load(string file)
    {
        if (files.TryGetValue(file, out var known)) return known;
        if (source.ReadFile(file) is not { } bytes) return null;
        files[file] = bytes;
        return bytes;
    }

    private static bool IsInside(string file) =>
        !file.Contains('\\') && !file.Contains(':') && !file.StartsWith('/') && !file.Split('/').Contains("..");

    private string Describe(CheckEntry entry) => entry switch
    {
        SchemaCheckEntry schema => $"schema {schema.Path} sha256:{Convert.ToHexStringLower(SHA256.HashData(files[schema.Path].Span))}",
        RequiredCheckEntry required => $"required {Quoted(required.Fields)}",
        AllowedCheckEntry allowed => $"allowed{Of(allowed.Field)} {Quoted(allowed.Values)}{(allowed.Normalised ?? true ? "" : " exactly")}",
        RegexCheckEntry regex => $"regex{(regex.Match ?? true ? "" : " not")} \"{regex.Pattern}\" within {regex.LimitMs ?? DefaultRegexLimitMs} ms",
        LengthCheckEntry length => $"length {length.Min?.ToString(CultureInfo.InvariantCulture) ?? "0"}..{length.Max?.ToString(CultureInfo.InvariantCulture)}",
        BoundsCheckEntry bounds => $"bounds{Of(bounds.Field)} {Amounts.Plain(bounds.Min)}..{Amounts.Plain(bounds.Max)}",
        ToolCallsCheckEntry tools => tools.Required ? "tool_calls required" : "tool_calls",
        _ => "json",
    };

    private static string Of(string? field) => field is null ? "" : $" of \"{field}\"";

    private static string Quoted(ImmutableArray<string> values) => string.Join(", ", values.Select(value => $"\"{value}\""));
}
