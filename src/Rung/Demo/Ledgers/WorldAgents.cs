namespace Rung.Demo.Ledgers;

/// <summary>The agents of the made-up past and their jobs. None of the numbers is measured: they are of the order that is usual.</summary>
internal static class WorldAgents
{
    private const double CallsOfResearch = 8.9, CallsOfCoding = 8.1, CallsOfSupport = 4.25;

    private static readonly WorldJob s_planResearch = new() { Tag = "plan-research", Role = "planner", Input = 1400, Output = 420, Reasoning = 0.5, Cached = 0.3 };
    private static readonly WorldJob s_intent = new() { Tag = "classify-intent", Role = "worker", Input = 420, Output = 4, Faulty = 0.04 };
    private static readonly WorldJob s_query = new() { Tag = "rewrite-query", Role = "worker", Input = 520, Output = 22, Faulty = 0.03 };
    private static readonly WorldJob s_summarise = new() { Tag = "search-summarise", Role = "worker", Input = 5200, Output = 260, Faulty = 0.12, Cached = 0.15, Judged = 0.02 };
    private static readonly WorldJob s_citations = new() { Tag = "extract-citations", Role = "worker", Input = 2600, Output = 210, Faulty = 0.09, Cached = 0.5 };
    private static readonly WorldJob s_check = new() { Tag = "check-claims", Role = "critic", Input = 1900, Output = 3, Faulty = 0.04, Cached = 0.6 };
    private static readonly WorldJob s_answer = new()
    {
        Tag = "synthesize-answer", Role = "writer", Input = 4100, Output = 620, Reasoning = 0.2, Cached = 0.5, Wrong = 0.7, IsStreamed = true, Judged = 0.06, Thumbs = 0.14, Replaced = 0.1,
    };

    private static readonly WorldJob s_planChange = new() { Tag = "plan-change", Role = "planner", Input = 3800, Output = 640, Reasoning = 0.5, Cached = 0.2 };
    private static readonly WorldJob s_edit = new() { Tag = "edit-file", Role = "worker", Input = 6400, Output = 540, Faulty = 0.60, OnMid = 0.2, Cached = 0.7 };
    private static readonly WorldJob s_test = new() { Tag = "write-test", Role = "worker", Input = 5200, Output = 460, Faulty = 0.18, Cached = 0.7 };
    private static readonly WorldJob s_review = new() { Tag = "review-change", Role = "critic", Input = 4800, Output = 3, Faulty = 0.05, Cached = 0.7 };
    private static readonly WorldJob s_explain = new() { Tag = "explain-change", Role = "worker", Input = 2400, Output = 120, IsStreamed = true, Thumbs = 0.08, Replaced = 0.2 };

    private static readonly WorldJob s_classify = new() { Tag = "classify-ticket", Role = "worker", Input = 480, Output = 3, Faulty = 0.04, Wrong = 0.02, Thumbs = 0.5 };
    private static readonly WorldJob s_redact = new() { Tag = "redact", Role = "worker", Input = 560, Output = 280, Faulty = 0.03 };
    private static readonly WorldJob s_extract = new() { Tag = "extract-fields", Role = "worker", Input = 620, Output = 48, Faulty = 0.06 };
    private static readonly WorldJob s_draft = new()
    {
        Tag = "draft-reply", Role = "worker", Input = 2100, Output = 230, Faulty = 0.06, Wrong = 0.08, OnMid = 0.85, Cached = 0.3, IsStreamed = true, Judged = 0.15, Replaced = 0.55,
    };

    private static readonly WorldJob s_translate = new() { Tag = "translate-notes", Input = 900, Output = 950, Faulty = 0 };
    private static readonly WorldJob s_nameless = new() { Input = 1200, Output = 240 };

    /// <summary>All of them; the shares add up to 1.</summary>
    public static IReadOnlyList<WorldAgent> All { get; } =
    [
        new("support", 0.60, 9, Support) { Reported = 0.25 },
        new("research", 0.18, 4, Research) { Reported = 0.15 },
        new("coding", 0.13, 6, Coding) { Reported = 0.2 },
        new("notes", 0.06, 0, (ref DemoChance _, List<WorldJob> jobs) => jobs.Add(s_translate)) { HasSessions = false },
        new("other", 0.03, 0, (ref DemoChance _, List<WorldJob> jobs) => jobs.Add(s_nameless)) { HasSessions = false },
    ];

    /// <summary>Calls of a session, on the average over all agents.</summary>
    public const double CallsPerSession = (0.60 * CallsOfSupport) + (0.18 * CallsOfResearch) + (0.13 * CallsOfCoding) + 0.09;

    private static void Research(ref DemoChance chance, List<WorldJob> jobs)
    {
        jobs.AddRange([s_planResearch, s_intent, s_query]);
        if (chance.Happens(0.4)) jobs.Add(s_query);
        for (var pages = chance.Between(1, 4); pages > 0; pages--) jobs.Add(s_summarise);
        jobs.AddRange([s_citations, s_check, s_answer]);
    }

    private static void Coding(ref DemoChance chance, List<WorldJob> jobs)
    {
        jobs.Add(s_planChange);
        for (var files = chance.Between(1, 5); files > 0; files--) jobs.Add(s_edit);
        jobs.Add(s_test);
        jobs.Add(s_review);
        if (chance.Happens(0.3)) jobs.AddRange([s_edit, s_review]); // The critic said fail.
        if (chance.Happens(0.5)) jobs.Add(s_test);
        jobs.Add(s_explain);
    }

    private static void Support(ref DemoChance chance, List<WorldJob> jobs)
    {
        jobs.AddRange([s_classify, s_redact, s_extract, s_draft]);
        if (chance.Happens(0.25)) jobs.Add(s_draft); // Again, with more words of the customer.
    }
}
