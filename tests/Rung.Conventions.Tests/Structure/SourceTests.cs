using System.Reflection;
using System.Text.RegularExpressions;
using Rung.Conventions.Tests.Reading;
using Rung.Core.Policies;
using Rung.Gateway;

namespace Rung.Conventions.Tests.Structure;

/// <summary>How source files look, as far as no analyzer says it.</summary>
public partial class SourceTests
{
    private const int LongestFile = 600;

    private static IReadOnlyList<string> Sources => Repository.Files("*.cs", "src");

    [Fact]
    public void No_source_file_is_too_long_to_read()
    {
        Assert.NotEmpty(Sources);
        Findings.AreNone(Sources.Select(file => (file, lines: Repository.Read(file).Count(letter => letter == '\n'))).Where(pair => pair.lines > LongestFile));
    }

    [Fact]
    public void Nothing_is_left_for_later_in_the_product() =>
        Findings.AreNone(Sources.SelectMany(file => Unfinished().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value}")));

    [Fact]
    public void Names_say_what_a_type_does()
    {
        var vague = Sources.Select(Path.GetFileNameWithoutExtension).Where(name => Vague().IsMatch(name!));

        Findings.AreNone(vague);
    }

    [Fact]
    public void Migrations_are_numbered_without_gaps_in_every_engine()
    {
        var engines = Repository.Files("*.sql", "src/Rung.Storage/Migrations").GroupBy(file => Path.GetDirectoryName(file)).ToArray();

        Assert.NotEmpty(engines);
        Assert.All(engines, engine => Assert.Equal(Enumerable.Range(1, engine.Count()).Select(number => $"{number:D4}"), engine.Select(file => Path.GetFileName(file)[..4])));
    }

    [Fact]
    public void What_a_test_class_does_at_its_end_is_done()
    {
        // xunit 2 disposes of IDisposable and IAsyncLifetime; it passes IAsyncDisposable over without a word.
        var tests = Repository.Files("*Tests.cs", "tests");

        Assert.NotEmpty(tests);
        Findings.AreNone(tests.Where(file => PassedOver().IsMatch(Repository.Read(file))));
    }

    [Fact]
    public void Numbers_have_one_minus_sign_everywhere()
    {
        // U+2212 is for formulas in comments. What reads text may know it: as a letter, not within a text.
        Assembly[] all =
        [
            typeof(PolicyCompiler).Assembly, typeof(GatewayOptions).Assembly, Assembly.Load("Rung.Storage"), Assembly.Load("Rung.Control"), Assembly.Load("Rung.Dashboard"), Assembly.Load("rung"),
        ];
        Findings.AreNone(all.SelectMany(MethodLiterals.Of).SelectMany(method => method.Strings.Where(text => text.Contains('\u2212')).Select(text => $"{method.Method.DeclaringType}.{method.Method.Name}: {text}")));

        var scripts = Repository.Files("*.js", "src/Rung.Dashboard/Assets");
        Assert.NotEmpty(scripts);
        Findings.AreNone(scripts.Where(file => Repository.Read(file).Contains('\u2212')));
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"class \w+Tests\b[^{]*\bIAsyncDisposable\b")]
    private static partial Regex PassedOver();

    [GeneratedRegex("(Manager|Helper|Helpers|Utils|Util|Info)$")]
    private static partial Regex Vague();
}
