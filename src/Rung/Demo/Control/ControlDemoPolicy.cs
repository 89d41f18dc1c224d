using System.Text;
using Rung.Core.Policies.Changes;
using Rung.Core.Prices;
using Rung.Serving;

namespace Rung.Demo.Control;

/// <summary>The policy of the story, from the file <c>policies/demo-control.yaml</c> that is embedded in the program, and the changes that the story makes to it.</summary>
internal static class ControlDemoPolicy
{
    private const string Path = "policies/demo-control.yaml";
    private const string WrittenUrl = "http://127.0.0.1:8099/v1";
    private const string MidPrice = "price: { input: 2, output: 10 }";
    private const string RaisedPrice = "price: { input: 8, output: 40 }";

    /// <summary>The text as the story begins with it.</summary>
    /// <param name="url">Base URL of the simulated models.</param>
    public static string Text(string url)
    {
        using var stream = typeof(ControlDemoPolicy).Assembly.GetManifestResourceStream(Path)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace(WrittenUrl, url, StringComparison.Ordinal);
    }

    /// <summary>The same policy after the price of the middle rung has gone up fourfold.</summary>
    public static string WithRaisedPrice(string text) => text.Replace(MidPrice, RaisedPrice, StringComparison.Ordinal);

    /// <summary>The same policy with the tag on a tier.</summary>
    public static string On(string text, string tier) =>
        PolicyMove.SetTier(text, SupportJobs.Classify.Tag, tier, out var problem) ?? throw new InvalidOperationException(problem); // A bug: the file is part of the program.

    /// <summary>Compiles it.</summary>
    public static PolicyFile Compile(string text, DateOnly asOf)
    {
        var file = PolicyFile.Compile(Path, text, _ => null, PriceBook.Embedded, asOf);
        if (file.Compilation.Faults.IsEmpty) return file;
        var fault = file.Compilation.Faults[0];
        throw new InvalidOperationException($"{Path}:{fault.Line}: {fault.Path}: {fault.Message}"); // A bug: the file is part of the program.
    }
}
