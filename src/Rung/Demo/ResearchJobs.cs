using System.Text.Json;

namespace Rung.Demo;

/// <summary>A research assistant: seven calls from question to answer.</summary>
internal static class ResearchJobs
{
    private const string Question = "Question: ";

    private static readonly string[] s_questions =
    [
        "How do heat pumps compare with gas boilers in old houses?", "Why did delivery times rise after the change of tariff?",
        "Which source gives the repair rate of e-bikes?", "How is a storage loss measured in the field?", "What does the annex say about water use?",
        "How do night trains compare with flights on energy?", "Why do small operators report fewer outages?", "Which data set lists spare part prices?",
    ];

    private static readonly string[] s_intents = ["compare", "explain", "find-source", "how-to", "summarise"];

    private static readonly DemoJob s_plan = new()
    {
        Tag = "plan", Role = "planner", MaxTokens = 900,
        Instruction = "You plan the work of a research assistant. Break the question into steps that other agents can do without asking back: what to search, "
            + "what to read, what to compare, when to stop. Number the steps. Name for each what a good result looks like and what would make you discard it.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            return $"Plan for: {DemoText.Field(prompt, Question)}\n1. Search two independent sources.\n2. Read and summarise each.\n3. Extract the quotes.\n"
                + $"4. Answer, and say what stays open.\n{DemoText.Prose(ref chance, 1500)}";
        },
    };

    private static readonly DemoJob s_classify = new()
    {
        Tag = "classify-intent", Role = "worker", MaxTokens = 32,
        Instruction = "Classify the intent of a question. Answer with one word and nothing else: compare, explain, find-source, how-to or summarise.",
        Answer = prompt => new DemoChance(0, prompt).Pick(s_intents),
        Faults = [SimulatedFault.NotAllowed],
    };

    private static readonly DemoJob s_rewrite = new()
    {
        Tag = "rewrite-query", Role = "worker", MaxTokens = 120,
        Instruction = "Rewrite the user's question as one query for a search engine, at most 160 characters. Drop courtesy, keep names, numbers and places. "
            + "Give the query only.",
        Answer = prompt => DemoText.Field(prompt, Question).TrimEnd('?').ToLowerInvariant() + " survey measured data",
        Faults = [SimulatedFault.TooTalkative],
    };

    private static readonly DemoJob s_summarise = new()
    {
        Tag = "search-summarise", Role = "worker", MaxTokens = 700,
        Instruction = "Summarise the page for someone who answers a question with it. At most eight lines. End every line with the number of the source in square "
            + "brackets, for example [2]. Leave out what does not bear on the question.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            var source = DemoText.Field(prompt, "Source: ");
            return string.Join('\n', Enumerable.Range(0, 8).Select(_ => $"- {DemoText.Sentence(ref chance)} {DemoText.Sentence(ref chance)} [{source}]"));
        },
        Faults = [SimulatedFault.Evasive, SimulatedFault.RunsOn],
    };

    private static readonly DemoJob s_extract = new()
    {
        Tag = "extract-citations", Role = "worker", MaxTokens = 700,
        Instruction = "Extract the passages that support an answer. Reply with JSON only: {\"citations\": [{\"source\": 1, \"quote\": \"...\"}]}. Quote word for word, "
            + "10 to 400 characters each, at most 20 quotes.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            var quotes = Enumerable.Range(0, 6).Select(i => new { source = (i % 2) + 1, quote = DemoText.Sentence(ref chance) }).ToArray();
            return JsonSerializer.Serialize(new { citations = quotes });
        },
        Faults = [SimulatedFault.BrokenJson, SimulatedFault.WrongField],
    };

    private static readonly DemoJob s_synthesize = new()
    {
        Tag = "synthesize-answer", Role = "writer", MaxTokens = 1500, Streams = true,
        Instruction = "Write the answer that the user reads. Start with the answer itself, then the reasons, then what is uncertain. Cite sources as [1], [2]. Do not "
            + "use anything that is not in the notes. Say so when the notes do not answer the question.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            return $"In short: the sources agree on the direction, not on the size [1][2].\n{DemoText.Prose(ref chance, 2500)}";
        },
    };

    public static IReadOnlyList<DemoJob> All { get; } = [s_plan, s_classify, s_rewrite, s_summarise, s_extract, s_synthesize];

    /// <summary>Session of a number.</summary>
    public static DemoSession Session(long seed, int number)
    {
        var id = $"research-{number:0000}";
        var chance = new DemoChance(seed, id);
        var head = $"{Question}{chance.Pick(s_questions)}\nCase: {id}/{seed}\n";
        return new DemoSession(id,
        [
            new(s_plan, 0, $"{head}Known so far:\n{DemoText.Prose(ref chance, 4400)}"),
            new(s_classify, 1, $"{head}Conversation so far:\n{DemoText.Prose(ref chance, 900)}"),
            new(s_rewrite, 2, $"{head}Conversation so far:\n{DemoText.Prose(ref chance, 1400)}"),
            new(s_summarise, 3, $"{head}Source: 1\n{DemoText.Prose(ref chance, chance.Between(16_000, 26_000))}"),
            new(s_summarise, 3, $"{head}Source: 2\n{DemoText.Prose(ref chance, chance.Between(16_000, 26_000))}"),
            new(s_extract, 4, $"{head}Notes:\n{DemoText.Prose(ref chance, chance.Between(7000, 10_000))}"),
            new(s_synthesize, 5, $"{head}Notes:\n{DemoText.Prose(ref chance, chance.Between(10_000, 13_000))}"),
        ]);
    }
}
