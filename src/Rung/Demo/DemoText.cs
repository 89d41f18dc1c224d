using System.Text;

namespace Rung.Demo;

/// <summary>Text of the size that real prompts have: pages, source files and notes put together from fixed parts.</summary>
internal static class DemoText
{
    private static readonly string[] s_subjects =
    [
        "The report", "A field study", "The second survey", "The vendor's own table", "An older review", "The public data set", "A later correction",
        "The annex", "The regional office", "A sample of 400 sites", "The operator", "The working group",
    ];

    private static readonly string[] s_verbs =
    [
        "finds a decline in", "puts a lower bound on", "does not separate", "confirms the earlier figure for", "doubts the estimate of", "gives no date for",
        "lists every source of", "compares three methods for", "leaves open the cause of", "revises the cost of", "measures the spread of", "maps",
    ];

    private static readonly string[] s_objects =
    [
        "winter demand", "storage losses", "the share of returns", "grid fees", "delivery times", "repair rates", "water use", "the price of spare parts",
        "night-time traffic", "unplanned outages", "training hours", "the recycling quota",
    ];

    private static readonly string[] s_tails =
    [
        "over the last five years", "in the northern districts", "for plants below 10 MW", "after the change of tariff", "with a margin of 4 %",
        "before the new rule came into force", "among small operators", "in two of three cases", "as the table on page 12 shows", "at constant prices",
    ];

    private static readonly string[] s_members = ["Total", "Count", "Average", "Latest", "Open", "Overdue", "Gross", "Net"];
    private static readonly string[] s_entities = ["Invoice", "Order", "Shipment", "Refund", "Ledger", "Customer", "Contract", "Payment"];

    /// <summary>Sentences of at least so many characters in all.</summary>
    public static string Prose(ref DemoChance chance, int characters)
    {
        var text = new StringBuilder(characters + 120);
        while (text.Length < characters) text.Append(Sentence(ref chance)).Append(text.Length % 5 == 0 ? '\n' : ' ');
        return text.ToString().TrimEnd();
    }

    /// <summary>One sentence.</summary>
    public static string Sentence(ref DemoChance chance) =>
        $"{chance.Pick(s_subjects)} {chance.Pick(s_verbs)} {chance.Pick(s_objects)} {chance.Pick(s_tails)}.";

    /// <summary>A source file of at least so many characters.</summary>
    public static string Code(ref DemoChance chance, int characters)
    {
        var text = new StringBuilder(characters + 160);
        while (text.Length < characters)
        {
            var entity = chance.Pick(s_entities);
            text.Append($"    public decimal {chance.Pick(s_members)}{entity}s(IReadOnlyList<{entity}> rows) =>\n")
                .Append($"        rows.Where(row => row.Days <= {chance.Between(7, 90)}).Sum(row => row.{chance.Pick(s_members)}Amount);\n\n");
        }
        return text.ToString();
    }

    /// <summary>The rest of the line that starts with a key: how a model that is simulated reads its prompt.</summary>
    public static string Field(string prompt, string key)
    {
        var start = prompt.StartsWith(key, StringComparison.Ordinal) ? 0 : prompt.IndexOf($"\n{key}", StringComparison.Ordinal);
        if (start < 0) return "";
        start = prompt.IndexOf(key, start, StringComparison.Ordinal) + key.Length;
        var end = prompt.IndexOf('\n', start);
        return prompt[start..(end < 0 ? prompt.Length : end)].Trim();
    }
}
