using System.Collections.Immutable;
using Rung.Control.Imports;
using Xunit.Abstractions;
using Shape = Rung.Control.Tests.Audit.Sites.SyntheticTraffic.Shape;

namespace Rung.Control.Tests.Audit.Sites;

/// <summary>Jobs that no tag names are found again from what made their calls.</summary>
public sealed class SiteRecoveryTests(ITestOutputHelper output)
{
    private void AssertFound(SyntheticTraffic traffic, double least = 0.95, int? sites = null)
    {
        foreach (var calls in new[] { traffic.InOrder(), traffic.Shuffled(1), traffic.Shuffled(2) })
        {
            var recovery = Recovery.Of(calls);
            output.WriteLine(recovery.ToString());
            Assert.True(recovery.Purity >= least && recovery.Completeness >= least, recovery.ToString());
            if (sites is { } expected) Assert.True(recovery.Sites.Count == expected, recovery.ToString());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Templates_with_names_dates_and_documents_in_them_are_told_apart_behind_one_generic_span_name(int seed)
    {
        var traffic = new SyntheticTraffic(seed);
        for (var job = 0; job < 40; job++)
        {
            var fixedPart = traffic.Prose(2 + (job % 6));
            var ask = traffic.Sentence().TrimEnd('.') + ":";
            traffic.Add($"job{job}", 4000 / (job + 8), () => new Shape
            {
                System = $"{fixedPart} The customer is {traffic.Name()} since 20{traffic.Random.Next(10, 26)}-03-0{traffic.Random.Next(1, 9)}. {traffic.Sentence()}",
                User = $"{ask} {traffic.Prose(traffic.Random.Next(1, 12))}",
            });
        }
        AssertFound(traffic);
    }

    [Fact]
    public void Retrieved_passages_make_no_new_jobs()
    {
        var traffic = new SyntheticTraffic(11);
        var passages = Enumerable.Range(0, 60).Select(_ => traffic.Prose(4)).ToList();
        var (inSystem, inMessage) = (traffic.Prose(3), traffic.Prose(2));
        traffic.Add("rag-system", 3000, () => new Shape { System = $"{inSystem}\n\nContext:\n{traffic.Skewed(passages)}\n\n{traffic.Skewed(passages)}", User = traffic.Sentence() });
        traffic.Add("rag-message", 2000, () => new Shape { System = inMessage, User = $"Passages:\n{traffic.Skewed(passages)}\n\nQuestion: {traffic.Sentence()}" });
        AssertFound(traffic, 0.97);
    }

    [Fact]
    public void Sentences_drawn_from_a_small_pool_make_no_new_jobs()
    {
        var traffic = new SyntheticTraffic(12);
        var pool = Enumerable.Range(0, 25).Select(_ => traffic.Sentence()).ToList();
        for (var job = 0; job < 5; job++)
        {
            var template = traffic.Prose(2);
            traffic.Add($"job{job}", 500, () => new Shape { System = template, User = string.Join(' ', Enumerable.Range(0, 5).Select(_ => pool[traffic.Random.Next(pool.Count)])) });
        }
        AssertFound(traffic);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tasks_behind_a_long_common_preamble_are_different_jobs(bool withForms)
    {
        var traffic = new SyntheticTraffic(13);
        var preamble = traffic.Prose(20);
        for (var job = 0; job < 6; job++)
        {
            var task = traffic.Prose(withForms ? 1 : 2);
            var form = job;
            traffic.Add($"job{job}", 2000 / (job + 1), () => new Shape
            {
                System = $"{preamble}\n{task}",
                User = traffic.Prose(3),
                Temperature = withForms ? form / 10.0 : null,
                Answer = withForms && form % 2 == 0 ? "billing" : traffic.Prose(2),
            });
        }
        AssertFound(traffic, 0.97);
    }

    [Fact]
    public void A_template_that_is_edited_over_time_stays_one_job()
    {
        var traffic = new SyntheticTraffic(14);
        for (var job = 0; job < 4; job++)
        {
            var sentences = Enumerable.Range(0, 8).Select(_ => traffic.Sentence()).ToArray();
            for (var version = 0; version < 3; version++)
            {
                sentences[3 + version] = traffic.Sentence();
                var system = string.Join(' ', sentences);
                traffic.Add($"job{job}", 300, () => new Shape { System = system, User = traffic.Prose(2) }, version / 3.0, (version + 1) / 3.0);
            }
        }
        AssertFound(traffic, 1, sites: 4);
    }

    [Fact]
    public void One_job_that_two_models_serve_stays_one_job()
    {
        var traffic = new SyntheticTraffic(15);
        foreach (var job in new[] { "a", "b", "c" })
        {
            var system = traffic.Prose(4);
            foreach (var (model, step) in new[] { ("gpt-5-mini", "ChatOpenAI"), ("claude-haiku-4-5", "ChatAnthropic") })
            {
                traffic.Add(job, 200, () => new Shape { System = system, User = traffic.Prose(2), Model = model, Step = step });
            }
        }
        AssertFound(traffic, 1, sites: 3);
    }

    [Fact]
    public void One_template_that_two_steps_use_is_two_jobs()
    {
        var traffic = new SyntheticTraffic(16);
        var system = traffic.Prose(4);
        foreach (var step in new[] { "draft_reply", "polish_reply" }) traffic.Add(step, 200, () => new Shape { System = system, User = traffic.Prose(2), Step = step, Agent = "support" });
        AssertFound(traffic, 1, sites: 2);
    }

    [Fact]
    public void A_named_step_whose_prompt_varies_freely_is_one_job()
    {
        var traffic = new SyntheticTraffic(17);
        var variants = Enumerable.Range(0, 2).Select(_ => traffic.Prose(4)).ToList();
        traffic.Add("extract", 400, () => new Shape { System = variants[traffic.Random.Next(2)], User = traffic.Prose(2), Step = "extract_invoice" });
        traffic.Add("plan", 400, () => new Shape { System = traffic.Prose(6), User = traffic.Prose(2), Step = "plan-run-" + traffic.Random.Next(100_000, 999_999) });
        AssertFound(traffic, 1, sites: 2);
    }

    [Fact]
    public void A_step_that_is_only_a_wrapper_of_many_jobs_is_seen_through()
    {
        var traffic = new SyntheticTraffic(18);
        for (var job = 0; job < 6; job++)
        {
            var (system, form) = (traffic.Prose(3), job);
            traffic.Add($"job{job}", 300, () => new Shape { System = system, User = traffic.Prose(2), Step = "ask_oracle", Answer = form % 2 == 0 ? "{\"a\": 1}" : traffic.Prose(2), Temperature = form * 0.1 });
        }
        AssertFound(traffic, 1, sites: 6);
    }

    [Fact]
    public void A_template_of_one_sentence_is_enough()
    {
        var traffic = new SyntheticTraffic(19);
        for (var job = 0; job < 8; job++)
        {
            var sentence = traffic.Sentence();
            traffic.Add($"system{job}", 300, () => new Shape { System = $"{sentence} {traffic.Prose(traffic.Random.Next(2, 9))}", User = traffic.Prose(3) });
            var ask = traffic.Sentence();
            traffic.Add($"message{job}", 200, () => new Shape { User = $"{ask} {traffic.Prose(traffic.Random.Next(2, 30))}" });
        }
        AssertFound(traffic);
    }

    [Fact]
    public void Instructions_behind_a_long_document_are_read()
    {
        var traffic = new SyntheticTraffic(20);
        for (var job = 0; job < 5; job++)
        {
            var ask = traffic.Sentence();
            traffic.Add($"job{job}", 200, () => new Shape { User = $"{traffic.Prose(traffic.Random.Next(30, 90))}\n\n{ask}" });
        }
        AssertFound(traffic);
    }

    [Fact]
    public void Long_conversations_are_no_templates()
    {
        var traffic = new SyntheticTraffic(21);
        var system = traffic.Prose(3);
        for (var i = 0; i < 150; i++)
        {
            traffic.AddConversation("with-system", 10, () => traffic.Prose(3), () => new Shape { System = system });
            traffic.AddConversation("without-system", 8, () => traffic.Prose(2), () => new Shape());
        }
        AssertFound(traffic, 0.97);
    }

    [Fact]
    public void A_helpful_assistant_that_everybody_is_hides_no_job()
    {
        var traffic = new SyntheticTraffic(22);
        const string Helpful = "You are a helpful assistant.";
        traffic.Add("chat", 600, () => new Shape { System = Helpful, User = traffic.Prose(1) }, 0, 1);
        for (var job = 0; job < 5; job++)
        {
            var more = traffic.Prose(3);
            traffic.Add($"late{job}", 400, () => new Shape { System = $"{Helpful} {more}", User = traffic.Prose(2) }, 0.3 + (job * 0.1), 1);
        }
        AssertFound(traffic);
    }

    [Fact]
    public void Values_of_a_slot_make_no_new_jobs()
    {
        var traffic = new SyntheticTraffic(23);
        var (system, plans, tones) = (traffic.Prose(4), new[] { "gold", "silver", "bronze" }, new[] { "formal", "friendly" });
        traffic.Add("job", 900, () => new Shape
        {
            System = $"{system} The customer is on the {plans[traffic.Random.Next(3)]} plan of the company. Tone: {tones[traffic.Random.Next(2)]}\nAnswer in {(traffic.Random.Next(2) == 0 ? "French" : "German")}.",
            User = traffic.Prose(2),
        });
        AssertFound(traffic, 1, sites: 1);
    }

    [Fact]
    public void Without_content_tools_schema_and_parameters_tell_jobs_apart()
    {
        var traffic = new SyntheticTraffic(24);
        traffic.Add("tools", 200, () => new Shape { WithoutContent = true, Tools = ["search", "fetch"], MaxTokens = 1024 });
        traffic.Add("label", 200, () => new Shape { WithoutContent = true, MaxTokens = 8, Temperature = 0, Model = traffic.Random.Next(2) == 0 ? "gpt-5-mini" : "claude-haiku-4-5" });
        traffic.Add("write", 200, () => new Shape { WithoutContent = true, MaxTokens = 4096, Temperature = 0.9 });
        traffic.Add("unknown-a", 200, () => new Shape { WithoutContent = true, Model = "model-a" });
        traffic.Add("unknown-b", 200, () => new Shape { WithoutContent = true, Model = "model-b" });
        AssertFound(traffic, 1, sites: 5);
    }

    [Fact]
    public void A_cap_that_is_computed_for_each_call_makes_no_new_jobs()
    {
        var traffic = new SyntheticTraffic(25);
        traffic.Add("job", 2000, () => new Shape { WithoutContent = true, MaxTokens = traffic.Random.Next(1, 100_000), Temperature = 0.2 });
        AssertFound(traffic, 0.97);
    }

    [Fact]
    public void Agents_whose_turns_differ_by_tools_and_phase_stay_whole()
    {
        var traffic = new SyntheticTraffic(26);
        foreach (var agent in new[] { "planner", "coder", "critic" })
        {
            var system = traffic.Prose(6);
            ImmutableArray<string> tools = [agent + "_read", agent + "_write"];
            traffic.Add(agent, 500, () => new Shape
            {
                Agent = agent,
                System = $"{system}\nWorking directory: /home/{traffic.Word()}/{traffic.Word()}\nToday is 2026-10-{traffic.Random.Next(10, 30)}.",
                User = traffic.Prose(2),
                Tools = traffic.Random.Next(5) == 0 ? [] : tools,
                ToolCalls = traffic.Random.Next(2) == 0 ? [agent + "_read"] : [],
            });
        }
        AssertFound(traffic, 1, sites: 3);
    }

    [Fact]
    public void The_same_prompt_with_another_schema_is_another_job()
    {
        var traffic = new SyntheticTraffic(27);
        var system = traffic.Prose(3);
        foreach (var field in new[] { "intent", "total", "language" })
        {
            traffic.Add(field, 300, () => new Shape { System = system, User = traffic.Prose(2), Schema = "{\"type\":\"object\",\"properties\":{\"" + field + "\":{\"type\":\"string\"}}}", Output = RequestedOutput.Schema, Answer = $$"""{"{{field}}":"x"}""" });
        }
        AssertFound(traffic, 1, sites: 3);
    }
}
