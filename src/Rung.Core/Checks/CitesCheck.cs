using System.Text;

namespace Rung.Core.Checks;

/// <summary>What the answer quotes or names by an id occurs in what was given.</summary>
internal sealed class CitesCheck(bool quotes, BoundedRegex? ids, int atLeast) : Check
{
    // An answer that cites more than this is judged by its first ones.
    private const int MostCitations = 256;

    public override string Name => "cites";

    public override bool NeedsContext => true;

    public override CheckResult Evaluate(Answer answer)
    {
        if (answer.Context is null) return CheckResult.Fail("What was given is not known, so nothing can be looked up.");
        var text = Encoding.UTF8.GetString(answer.Content.Span);
        var quoted = quotes ? Quotations.In(text, MostCitations) : [];
        var named = ids?.FindAll(text, MostCitations) ?? [];
        if (quoted.Count + named.Count < atLeast)
        {
            return CheckResult.Fail($"The answer holds {quoted.Count + named.Count} citation{(quoted.Count + named.Count == 1 ? "" : "s")}; at least {atLeast} {(atLeast == 1 ? "was" : "were")} expected: "
                + (ids is null ? "quote what was given word for word." : quotes ? "quote what was given word for word, or name its ids." : "name the ids of what was given."));
        }
        if (quoted.Count + named.Count == 0) return CheckResult.Pass;

        var given = CitedText.Of(Encoding.UTF8.GetString(answer.Context.Given.Span));
        foreach (var quotation in quoted)
        {
            if (!CitedText.Quotes(given, quotation)) return CheckResult.Fail($"The quotation {Excerpt.Of(quotation)} does not occur in what was given; quote word for word, or take it out.");
        }
        foreach (var id in named)
        {
            if (!CitedText.Names(given, id)) return CheckResult.Fail($"The id {Excerpt.Of(id)} does not occur in what was given; name only what was given.");
        }
        return CheckResult.Pass;
    }
}
