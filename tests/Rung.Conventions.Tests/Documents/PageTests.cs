using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rung.Conventions.Tests.Reading;
using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Conventions.Tests.Documents;

/// <summary>Holds every page of the repository: links, places, examples, lists.</summary>
public partial class PageTests
{
    private static readonly DateOnly s_today = new(2026, 11, 22);

    public static TheoryData<string> Pages => [.. Repository.Files("*.md")];

    public static TheoryData<string> MainFolders =>
    [
        .. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Repository.Relative),
        .. new[] { "tests", "bench", "policies", "docs" },
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string path)
    {
        var page = MarkdownPage.Read(path);

        Findings.AreNone(page.Links.Select(link => (link, problem: Problem(page, link.Target))).Where(pair => pair.problem is not null).Select(pair => $"{path}:{pair.link.Line}: {pair.problem}"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_page_names_a_place_on_its_authors_machine(string path) =>
        Findings.AreNone(PrivatePlace().Matches(Repository.Read(path)).Select(match => match.Value));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_policy_that_a_page_shows_as_whole_compiles(string path)
    {
        foreach (var block in MarkdownPage.Read(path).Blocks.Where(block => block.Info == "yaml policy"))
        {
            var compilation = PolicyCompiler.Compile(new PolicySource($"{path}:{block.Line}", block.Text, _ => null), PriceBook.Embedded, s_today);

            Findings.AreNone(compilation.Faults.Select(fault => $"{fault.File}:{fault.Line}: {fault.Message}"));
            Findings.AreNone(compilation.Lints.Where(lint => lint.Severity >= LintSeverity.Warning).Select(lint => $"{path}:{block.Line}: {lint.Code} {lint.Message}"));
        }
    }

    [Fact]
    public void The_readme_shows_a_whole_policy() => Assert.Contains(MarkdownPage.Read("README.md").Blocks, block => block.Info == "yaml policy");

    [Fact]
    public void The_readme_names_every_command()
    {
        var cells = string.Join(' ', MarkdownPage.Read("README.md").FirstColumn("Commands")) + " version";

        var commands = Repository.Files("*Command.cs", "src/Rung/Commands").SelectMany(file => CommandName().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value)).ToHashSet();

        Assert.Contains("serve", commands);
        Findings.AreNone(commands.Where(command => !Regex.IsMatch(cells, $@"\b{command}\b")));
    }

    [Theory]
    [MemberData(nameof(MainFolders))]
    public void Every_main_folder_says_what_it_is(string folder) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, folder, "README.md")), $"{folder} has no README.md");

    [Fact]
    public void The_index_of_the_documents_names_every_one_of_them()
    {
        var linked = MarkdownPage.Read("docs/README.md").Links.Select(link => link.Target).ToHashSet();

        Findings.AreNone(Repository.Files("*.md", "docs").Select(file => file["docs/".Length..]).Where(file => file != "README.md" && !linked.Contains(file)));
    }

    [Fact]
    public void The_examples_page_names_every_example()
    {
        var text = Repository.Read("policies/README.md");

        Findings.AreNone(Repository.Files("*.yaml", "policies").Select(file => file["policies/".Length..]).Where(file => !text.Contains(file, StringComparison.Ordinal)));
    }

    [Fact]
    public void Decision_notes_are_numbered_without_gaps_and_have_their_parts()
    {
        var notes = Repository.Files("*.md", "docs/decisions");

        Assert.Equal(Enumerable.Range(1, notes.Count).Select(number => $"{number:D4}"), notes.Select(note => Path.GetFileName(note)[..4]));
        foreach (var note in notes)
        {
            var text = Repository.Read(note);
            Assert.All(["## Context", "## Choice", "## Rejected", "## What would reopen it"], heading => Assert.True(text.Contains($"\n{heading}\n", StringComparison.Ordinal), $"{note} lacks '{heading}'"));
        }
    }

    [Fact]
    public void The_changelog_has_the_version_that_is_built()
    {
        var version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.Contains($"## [{version}]", Repository.Read("CHANGELOG.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_package_is_listed_with_its_version_and_no_other_one_is()
    {
        var packages = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}");

        var listed = MarkdownPage.Read("docs/dependencies.md").Rows("Packages").Select(row => $"{row[0]} {row[1]}");

        Assert.Equal(packages.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_library_from_npm_is_listed_with_its_version()
    {
        var packages = new[] { "src/Rung.Dashboard/npm/package.json", "tests/Rung.Browser.Tests/package.json", "tests/Rung.System.Tests/Clients/npm/package.json" }
            .Select(path => Path.Combine(Repository.Root, path)).Where(File.Exists)
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!)
            .SelectMany(manifest => new[] { "dependencies", "devDependencies" }.SelectMany(kind => manifest[kind]?.AsObject() ?? []))
            .Select(package => $"{package.Key} {package.Value}");

        var listed = MarkdownPage.Read("docs/dependencies.md").Rows("Libraries from npm").Select(row => $"{row[0]} {row[1]}");

        Assert.Equal(packages.Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static string? Problem(MarkdownPage page, string target)
    {
        if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) return null;
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page.Path : Repository.Relative(Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page.Path)!, Uri.UnescapeDataString(parts[0]))));
        var whole = Path.Combine(Repository.Root, path);
        if (!File.Exists(whole) && !Directory.Exists(whole)) return $"there is no {path}";
        if (parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal)) return null;
        return MarkdownPage.Read(path).Anchors.Contains(parts[1]) ? null : $"{path} has no heading for #{parts[1]}";
    }

    [GeneratedRegex(@"(?:new Command|Command Create\([^)]*\) => new)\(""([a-z]+)"",")]
    private static partial Regex CommandName();

    [GeneratedRegex(@"(?<![\w./}])(/home/|/Users/|/root/|/tmp/|/mnt/|[A-Z]:\\)[^\s`)]*")]
    private static partial Regex PrivatePlace();
}
