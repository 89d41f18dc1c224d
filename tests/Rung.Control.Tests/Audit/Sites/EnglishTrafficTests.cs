using Xunit.Abstractions;
using Shape = Rung.Control.Tests.Audit.Sites.SyntheticTraffic.Shape;

namespace Rung.Control.Tests.Audit.Sites;

/// <summary>A month of an office that writes its prompts as people do: boilerplate that every prompt has, few and short documents that return, one span name for all.</summary>
public sealed class EnglishTrafficTests(ITestOutputHelper output)
{
    private static readonly string[] Subjects = ["The delivery", "Our invoice", "The last update", "Your colleague", "This contract", "The new dashboard", "My subscription", "The return label"];
    private static readonly string[] Verbs = ["did not arrive", "shows a wrong amount", "broke the login page", "promised a refund", "was renewed without asking", "is much slower than before", "looks great", "needs a signature"];
    private static readonly string[] Ends = ["since last week.", "although we paid on time.", "and nobody answers.", "so please look into it.", "for all users in our team.", "which we did not expect."];

    private static string Letter(SyntheticTraffic traffic, int sentences) => string.Join(' ', Enumerable.Range(0, sentences).Select(_ =>
        $"{Subjects[traffic.Random.Next(Subjects.Length)]} {Verbs[traffic.Random.Next(Verbs.Length)]} {Ends[traffic.Random.Next(Ends.Length)]}"));

    private static SyntheticTraffic Office(int seed, Func<string, string?> stepOf)
    {
        var traffic = new SyntheticTraffic(seed);
        string Docs(int most) => Letter(traffic, traffic.Random.Next(1, most));
        void Job(string name, int count, Func<Shape> make) => traffic.Add(name, count, () => make() with { Step = stepOf(name) });

        Job("classify", 1500, () => new() { System = "You are a helpful assistant. Classify the support ticket into exactly one of: billing, shipping, technical, other. Return only the label.", User = $"Ticket from {traffic.Name()}:\n{Docs(5)}", Answer = "billing", Temperature = 0, MaxTokens = 8 });
        Job("sentiment", 900, () => new() { System = "You are a helpful assistant. Decide whether the message is positive, negative or neutral. Return only the label.", User = Docs(4), Answer = "negative", Temperature = 0, MaxTokens = 8 });
        Job("summarise", 700, () => new() { System = "You are a helpful assistant. Summarise the conversation in three bullet points for the next agent.", User = $"Conversation #{traffic.Random.Next(100, 9999)}\n\n{Docs(14)}", Temperature = 0.3, MaxTokens = 400 });
        Job("reply", 600, () => new() { System = $"You are a helpful assistant for {traffic.Name()} of the support team. Draft a friendly reply to the customer. Never promise a refund. Sign with the agent's name.", User = $"Customer: {traffic.Name()}\nMessage: {Docs(6)}", Temperature = 0.7, MaxTokens = 800 });
        Job("extract", 500, () => new() { System = "Extract the fields from the invoice below. Return only JSON.", User = $"Invoice no. {traffic.Random.Next(1000, 99999)} of 2026-10-{traffic.Random.Next(1, 30):00}\n{Docs(8)}\nTotal: {traffic.Random.Next(10, 999)} EUR", Answer = "{\"number\": 1, \"total\": 2}", Temperature = 0 });
        Job("translate", 400, () => new() { User = $"Translate the following text into {(traffic.Random.Next(2) == 0 ? "German" : "French")}: {Docs(5)}" });
        Job("titles", 300, () => new() { User = $"{Docs(10)}\n\nSuggest a short title for the text above.", Answer = "Late delivery" });
        Job("sql", 300, () => new() { System = "You write PostgreSQL queries. The schema is:\nCREATE TABLE orders (id int, total numeric);\nCREATE TABLE users (id int, name text);\nReturn only the query.", User = $"Question: how many orders did {traffic.Name()} make in {traffic.Random.Next(2020, 2027)}?", Answer = "SELECT count(*) FROM orders;\nSELECT 1;" });
        Job("policy-qa", 600, () => new() { System = $"Answer the question from the context only. If the context does not contain the answer, say so.\n\nContext:\n{Docs(7)}\n{Docs(7)}", User = $"{Subjects[traffic.Random.Next(8)]} {Verbs[traffic.Random.Next(8)]}, what now?" });
        Job("planner", 250, () => new() { Agent = "researcher", System = $"You are the planner of a research team. Break the goal into steps. Today is {traffic.Random.Next(1, 30)} October 2026. Think step by step.", User = $"Goal: {Docs(3)}", Tools = ["create_plan"], ToolCalls = ["create_plan"], Answer = "" });
        Job("worker", 1200, () => new() { Agent = "researcher", System = $"You are a worker of a research team. Carry out the step with the tools. Today is {traffic.Random.Next(1, 30)} October 2026. Think step by step.", User = $"Step {traffic.Random.Next(1, 9)}: {Docs(3)}", Tools = ["search", "fetch", "note"], ToolCalls = ["search"], Answer = "" });
        Job("critic", 250, () => new() { Agent = "researcher", System = $"You are the critic of a research team. Say what is missing in the draft. Today is {traffic.Random.Next(1, 30)} October 2026. Think step by step.", User = $"Draft:\n{Docs(12)}" });
        var faq = Enumerable.Range(0, 12).Select(_ => Letter(traffic, 1)).ToList();
        for (var i = 0; i < 120; i++) traffic.AddConversation("chat", traffic.Random.Next(1, 9), () => traffic.Random.Next(3) == 0 ? faq[traffic.Random.Next(12)] : Docs(3), () => new Shape { System = "You are a helpful assistant of Acme. Be brief.", Step = stepOf("chat"), Temperature = 0.5 });
        return traffic;
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    public void An_office_without_any_tag_is_understood(int seed)
    {
        foreach (var calls in new[] { Office(seed, _ => "chat gpt-5-mini").InOrder(), Office(seed, _ => null).Shuffled(7) })
        {
            var recovery = Recovery.Of(calls);
            output.WriteLine(recovery.ToString());
            Assert.True(recovery.Purity >= 0.95 && recovery.Completeness >= 0.95, recovery.ToString());
        }
    }

    [Fact]
    public void Fingerprints_stay_from_one_month_to_the_next()
    {
        var first = Recovery.Of(Office(44, _ => null).InOrder()).Sites.Select(site => site.Fingerprint).ToHashSet();
        var second = Recovery.Of(Office(45, _ => null).InOrder()).Sites.Where(site => site.Statistics.Calls >= 100).ToList();
        var stayed = second.Where(site => first.Contains(site.Fingerprint)).Sum(site => site.Statistics.Calls);
        Assert.True(stayed >= 0.9 * second.Sum(site => site.Statistics.Calls), $"{stayed} of {second.Sum(site => site.Statistics.Calls)} calls kept their fingerprint");
    }

    [Fact]
    public void Named_steps_give_each_job_its_own_name()
    {
        var sites = Recovery.Of(Office(46, name => name).InOrder()).Sites;
        Assert.Equal(["classify", "extract", "policy-qa", "reply", "researcher-critic", "researcher-planner", "researcher-worker", "sentiment", "sql", "summarise", "titles", "translate"],
            sites.Select(site => site.Tag).Where(tag => !tag.StartsWith("text-", StringComparison.Ordinal)).Order().Take(12));
        Assert.Equal("agent, step", Assert.Single(sites.Where(site => site.Agent == "researcher").Select(site => site.GroupedBy).Distinct()));
    }
}
