using System.Text;
using Rung.Core.Prices;
using Rung.Serving;

namespace Rung.Demo;

/// <summary>The two policies of the demo, both from the one file <c>policies/demo.yaml</c> that is embedded in the program.</summary>
internal static class DemoPolicy
{
    /// <summary>Where the file lies in a checkout, and its name as a resource.</summary>
    public const string Path = "policies/demo.yaml";

    /// <summary>The address in the file, which the simulated models' own takes the place of.</summary>
    private const string WrittenUrl = "http://127.0.0.1:8099/v1";
    /// <summary>Tiers and models stand above this line, routes below it.</summary>
    private const string FirstRoute = "\nroles:";

    /// <summary>Phase 2: the file as it is.</summary>
    /// <param name="url">Base URL of the simulated models.</param>
    /// <param name="asOf">The day whose prices hold.</param>
    public static PolicyFile Routed(string url, DateOnly asOf) => Compile(Text(url), asOf);

    /// <summary>Phase 1: the same tiers, models and prices, and one route: everything goes to the frontier.</summary>
    /// <inheritdoc cref="Routed"/>
    public static PolicyFile AllFrontier(string url, DateOnly asOf)
    {
        var text = Text(url);
        var models = text[..(text.IndexOf(FirstRoute, StringComparison.Ordinal) + 1)].Replace("\nname: demo\n", "\nname: demo-all-frontier\n", StringComparison.Ordinal);
        return Compile(models + "default: { tier: frontier, why: \"Before: every call goes to the best model there is.\" }\n", asOf);
    }

    /// <summary>Writes a policy and its files into a folder, for people to read.</summary>
    /// <returns>Where the document is.</returns>
    public static string Save(PolicyFile policy, string folder)
    {
        foreach (var (name, bytes) in policy.Files)
        {
            var path = System.IO.Path.Combine(folder, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes.Span);
        }
        var document = System.IO.Path.Combine(folder, "demo.yaml");
        File.WriteAllText(document, policy.Text);
        return document;
    }

    private static PolicyFile Compile(string text, DateOnly asOf)
    {
        var file = PolicyFile.Compile(Path, text, name => Resource($"policies/{name}"), PriceBook.Embedded, asOf);
        if (file.Compilation.Faults.IsEmpty) return file;
        var fault = file.Compilation.Faults[0];
        throw new InvalidOperationException($"{Path}:{fault.Line}: {fault.Path}: {fault.Message}"); // A bug: the file is part of the program.
    }

    private static string Text(string url)
    {
        var text = Encoding.UTF8.GetString(Resource(Path)!.Value.Span);
        return text.Replace(WrittenUrl, url, StringComparison.Ordinal);
    }

    private static ReadOnlyMemory<byte>? Resource(string name)
    {
        using var stream = typeof(DemoPolicy).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
