using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Lints;
using Rung.Core.Policies.Reading;
using Rung.Core.Prices;

namespace Rung.Core.Policies;

/// <summary>A policy's text and what it may include.</summary>
/// <param name="FileName">Name to show in faults.</param>
/// <param name="Text">The YAML text.</param>
/// <param name="ReadFile">Gives the bytes of a file that the policy names (a schema, a trained verifier), by its path as written; null when there is none.</param>
public sealed record PolicySource(string FileName, string Text, Func<string, ReadOnlyMemory<byte>?> ReadFile);

/// <summary>One thing wrong with a policy.</summary>
/// <param name="File">File name.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Path">Path in the document: <c>tags.classify-intent.escalate.to</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do about it.</param>
public sealed record PolicyFault(string File, int Line, int Column, string Path, string Message, string Fix);

/// <summary>How much a lint matters.</summary>
public enum LintSeverity : byte
{
    /// <summary>Worth knowing.</summary>
    Info = 0,
    /// <summary>Probably wrong; <c>--strict</c> makes it fail.</summary>
    Warning = 1,
    /// <summary>Wrong: the linter fails.</summary>
    Error = 2,
}

/// <summary>An opinion on a policy that compiles.</summary>
/// <param name="Code">Stable code: RUNG001…</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Path">Path in the document.</param>
/// <param name="Message">What it is.</param>
/// <param name="Fix">What to do about it.</param>
public sealed record PolicyLint(string Code, LintSeverity Severity, int Line, int Column, string Path, string Message, string Fix);

/// <summary>What compiling a policy gave: a snapshot, or faults.</summary>
/// <param name="Snapshot">The compiled policy, revision 0; null when there are faults.</param>
/// <param name="Faults">Every fault, in order of place.</param>
/// <param name="Lints">Every lint, in order of place; empty when there are faults that prevent judging.</param>
/// <param name="Files">Paths (as written) of the files that the policy includes.</param>
public sealed record PolicyCompilation(
    PolicySnapshot? Snapshot, ImmutableArray<PolicyFault> Faults, ImmutableArray<PolicyLint> Lints, ImmutableArray<string> Files);

/// <summary>Turns a policy's text into a snapshot, or into every fault at once. Pure: the caller reads files and knows the date.</summary>
public static class PolicyCompiler
{
    /// <summary>Compiles.</summary>
    /// <param name="source">The text and its files.</param>
    /// <param name="prices">The price book.</param>
    /// <param name="asOf">Today, for lints on prices and on the age of evidence.</param>
    public static PolicyCompilation Compile(PolicySource source, PriceBook prices, DateOnly asOf) => Compile(source, prices, asOf, PolicyObservations.None);

    /// <summary>Compiles, with opinions on what was lately seen of its traffic too.</summary>
    /// <param name="source">The text and its files.</param>
    /// <param name="prices">The price book.</param>
    /// <param name="asOf">Today, for lints on prices and on the age of evidence.</param>
    /// <param name="observed">What was lately seen. It decides nothing but lints.</param>
    public static PolicyCompilation Compile(PolicySource source, PriceBook prices, DateOnly asOf, PolicyObservations observed)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(observed);

        // 1. Text to document: syntax, keys, types, ranges.
        var faults = new FaultList(source.FileName);
        if (PolicyReader.Read(source.Text, faults) is not { } document) return new PolicyCompilation(null, faults.InOrder(), [], []);

        // 2. What lies between its parts, and the checks. Both run on a faulty document too, so that all faults come at once.
        new ReferenceCheck(document, faults).Run();
        var included = new IncludedFiles(source, document, faults);
        var commands = new CommandBuilder(document, faults).Build();
        var verifiers = new VerifierBuilder(document, included, faults);
        verifiers.Build();
        var builder = new CheckBuilder(document, included, verifiers, faults);
        var checks = BuildChecks(document, builder);
        var grading = GradingSchemas(document, builder);
        var evidence = EvidenceFiles.Read(document, included);
        ImmutableArray<string> files = [.. included.All.Keys];
        if (!faults.IsEmpty) return new PolicyCompilation(null, faults.InOrder(), [], files);

        // 3. Document to snapshot, and opinions on it.
        var snapshot = new SnapshotBuilder(document, checks, grading, prices).Build(
            PolicyHash.Of(source.Text, included.All), new BuiltVerifiers(commands, verifiers.Outside, verifiers.Trained));
        return new PolicyCompilation(snapshot, [], PolicyLinter.Lint(document, snapshot, evidence, asOf, observed), files);
    }

    /// <summary>The schemas that evals grade with, by their path as written.</summary>
    private static Dictionary<string, Check> GradingSchemas(PolicyDocument document, CheckBuilder builder)
    {
        var schemas = new Dictionary<string, Check>(StringComparer.Ordinal);
        foreach (var role in document.Roles) Build(role, PolicyPath.Of("roles", role.Name));
        foreach (var tag in document.Tags) Build(tag, PolicyPath.Of("tags", tag.Name));
        Build(document.Default, "default");
        return schemas;

        void Build(RouteEntry entry, string path)
        {
            if (entry.Eval?.Schema is { } file && builder.EvalSchema(file, PolicyPath.Of(path, "eval")) is { } check) schemas[file] = check;
        }
    }

    private static Dictionary<string, ImmutableArray<BuiltCheck>> BuildChecks(PolicyDocument document, CheckBuilder builder)
    {
        var checks = new Dictionary<string, ImmutableArray<BuiltCheck>>(StringComparer.Ordinal);
        foreach (var role in document.Roles) Build(role, PolicyPath.Of("roles", role.Name));
        foreach (var tag in document.Tags) Build(tag, PolicyPath.Of("tags", tag.Name));
        Build(document.Default, "default");
        return checks;

        void Build(RouteEntry entry, string path)
        {
            var list = PolicyPath.Of(path, "checks");
            if (entry.Checks is { } entries) checks[list] = builder.Build(entries, list);
        }
    }
}
