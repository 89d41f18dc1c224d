using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary>What the commands about eval sets have in common: the store, names of sets on a command line, errors.</summary>
internal static class EvalStore
{
    /// <summary>How a set is named on a command line, for descriptions.</summary>
    public const string Forms = "NAME (its newest version) or NAME@VERSION";

    public static Option<string> DataOption() => new("--data")
    {
        Description = "The data directory, which holds the captured calls and the sets.", HelpName = "DIR", DefaultValueFactory = _ => ServeCommand.DefaultData,
    };

    /// <summary>Opens the store of content; makes it when it is missing.</summary>
    /// <exception cref="LedgerException">It cannot be used, or the content key is another one.</exception>
    /// <exception cref="FormatException">The key is none.</exception>
    public static ContentStore Open(string data, TimeProvider clock) => ContentStore.Open(data, ContentKey.Read(Environment.GetEnvironmentVariable(ContentKey.Variable)), clock);

    /// <summary>Finds a set by its name on the command line.</summary>
    /// <exception cref="EvalException">There is none.</exception>
    public static async Task<EvalSet> FindAsync(ContentStore store, string reference, CancellationToken cancellationToken)
    {
        var at = reference.LastIndexOf('@');
        var name = at < 0 ? reference : reference[..at];
        int? version = null;
        if (at >= 0)
        {
            if (!int.TryParse(reference.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) throw new EvalException($"'{reference}' names no version.", $"Write {Forms}; the list: rung eval list");
            version = number;
        }
        return await store.FindEvalSetAsync(name, version, cancellationToken) ?? throw new EvalException($"There is no eval set {reference}.", "The list: rung eval list");
    }

    /// <summary>A version for people: <c>intent@3</c>.</summary>
    public static string NameOf(EvalSet set) => $"{set.Name}@{set.Version}";

    /// <summary>A set as JSON.</summary>
    public static object Json(EvalSet set) => new
    {
        set.Name, set.Version, set.Hash, set.Tag, set.MadeAt, set.MadeBy, set.Seed, set.Rows, set.Removed, set.Notes, set.Simulated, HasProfile = set.Profile is not null,
    };

    /// <summary>JSON bytes of a row as an element, for output.</summary>
    public static JsonElement? Element(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return null;
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.Clone();
    }

    /// <summary>The text of a message for one line of a terminal.</summary>
    public static string OneLine(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0) line.Append(' ');
            line.Append(Lines.Clean(word));
            if (line.Length > width) break;
        }
        return line.Length <= width ? line.ToString() : string.Concat(line.ToString().AsSpan(0, width - 1), "…");
    }
}
