using System.Text.RegularExpressions;
using Rung.Conventions.Tests.Reading;

namespace Rung.Conventions.Tests.Structure;

/// <summary>
/// What a page's Content-Security-Policy stops does not stand in any: it would work on a developer's machine without the policy and nowhere else. htmx has more ways to it than HTML: handlers,
/// values and conditions of triggers are compiled by it.
/// </summary>
public partial class PageSourceTests
{
    [Fact]
    public void No_page_has_a_style_a_script_or_a_handler_within_it()
    {
        var pages = Repository.Files("*.razor", "src/Rung.Dashboard");

        Assert.NotEmpty(pages);
        Findings.AreNone(pages.SelectMany(file => Inline().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value}")));
    }

    [Fact]
    public void No_script_compiles_text_or_writes_markup()
    {
        var scripts = Repository.Files("*.js", "src/Rung.Dashboard/Assets");

        Assert.NotEmpty(scripts);
        Findings.AreNone(scripts.SelectMany(file => Compiled().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value}")));
    }

    [GeneratedRegex("""\s(style|on[a-z]+|(data-)?hx-(on[:-][^=]*|vals|vars|headers|request|ext))=|\shx-[a-z-]+="[^"]*(js|javascript):|\shx-trigger="[^"@]*\[|<style\b|<script(?![^>]*\ssrc=)""")]
    private static partial Regex Inline();

    [GeneratedRegex("""\beval\(|\bFunction\(|\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write|setAttribute\(\s*["']style|set(Timeout|Interval)\(\s*["'`]""")]
    private static partial Regex Compiled();
}
