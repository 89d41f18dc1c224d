using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rung.Conventions.Tests.Reading;
using Rung.Core.Policies;
using Rung.Gateway;

namespace Rung.Conventions.Tests.Structure;

/// <summary>The boundaries that the projects exist for: who may know whom, and what the pure core may touch.</summary>
public partial class BoundaryTests
{
    /// <summary>What each project may reference; the reasons are in docs/decisions/0001.</summary>
    public static TheoryData<string, string[]> MayReference => new()
    {
        { "Rung.Core", [] },
        { "Rung.Control", ["Rung.Core", "Rung.Storage"] },
        { "Rung.Dashboard", ["Rung.Control", "Rung.Core", "Rung.Storage"] },
        { "Rung.Gateway", ["Rung.Core"] },
        { "Rung.Storage", ["Rung.Core"] },
        { "Rung", ["Rung.Control", "Rung.Core", "Rung.Dashboard", "Rung.Gateway", "Rung.Storage"] },
    };

    [Theory]
    [MemberData(nameof(MayReference))]
    public void A_project_references_only_what_it_may(string project, string[] allowed) =>
        Findings.AreNone(References(project).Except(allowed));

    [Fact]
    public void Every_project_has_its_rule() => Assert.Equal(
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order(),
        MayReference.Select(row => (string)row[0]).Order());

    [Fact]
    public void The_core_touches_no_network_no_process_and_no_console()
    {
        var known = typeof(PolicyCompiler).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Findings.AreNone(known.Where(name => Outside().IsMatch(name)));
    }

    [Fact]
    public void The_gateway_knows_no_database()
    {
        var known = typeof(GatewayOptions).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Findings.AreNone(known.Where(name => name.Contains("Sqlite", StringComparison.OrdinalIgnoreCase) || name.StartsWith("SQLitePCL", StringComparison.Ordinal) || name is "System.Data.Common" or "Rung.Storage"));
    }

    [Fact]
    public void Only_storage_speaks_SQL()
    {
        Assembly[] others = [typeof(PolicyCompiler).Assembly, typeof(GatewayOptions).Assembly, Assembly.Load("rung"), Assembly.Load("Rung.Control"), Assembly.Load("Rung.Dashboard")];

        Findings.AreNone(others.SelectMany(MethodLiterals.Of).SelectMany(method => method.Strings.Where(text => Sql().IsMatch(text)).Select(text => $"{method.Method.DeclaringType}.{method.Method.Name}: {text}")));
    }

    [Fact]
    public void The_analyzers_that_hold_purity_are_wired()
    {
        Assert.Contains("BannedSymbols.txt", AdditionalFiles("Rung.Core"));
        Assert.Contains("../BannedSymbols.txt", AdditionalFiles("Rung.Control"));
        Assert.Contains("../BannedSymbols.txt", AdditionalFiles("Rung.Gateway"));
        Assert.Contains("../BannedSymbols.txt", AdditionalFiles("Rung.Storage"));
        Assert.Contains("T:System.Threading.Tasks.Task;", Repository.Read("src/Rung.Core/BannedSymbols.txt"), StringComparison.Ordinal);
        Assert.Contains("P:System.DateTime.UtcNow;", Repository.Read("src/BannedSymbols.txt"), StringComparison.Ordinal);
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> References(string project) =>
        Project(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static string[] AdditionalFiles(string project) => [.. Project(project).Descendants("AdditionalFiles").Select(file => file.Attribute("Include")!.Value)];

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(Repository.Root, "src", name, $"{name}.csproj"));

    [GeneratedRegex(@"^(System\.Net\.(?!Primitives$)|System\.Diagnostics\.Process|System\.Console|System\.IO\.FileSystem|System\.Data|Microsoft\.|SQLitePCL)")]
    private static partial Regex Outside();

    [GeneratedRegex(@"^\s*(SELECT\s.*\sFROM\s|INSERT\s+INTO\s|DELETE\s+FROM\s|UPDATE\s+\w+\s+SET\s|CREATE\s+TABLE\s)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Sql();
}
