using System.Text;
using System.Text.Json;

namespace Rung.Demo.Traces;

/// <summary>Makes up one run of an agent: its model calls, the tools between them, and around them the agent's span, which repeats their usage as real ones do.</summary>
internal static class MadeUpRun
{
    /// <summary>Half of the time, after which an edited prompt is the edited one.</summary>
    public static readonly DateTimeOffset Middle = new(2026, 10, 15, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The spans of one run, children before their parents.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="start">When it begins.</param>
    /// <param name="chance">Decides everything else.</param>
    public static List<MadeUpSpan> Make(TraceAgent agent, DateTimeOffset start, ref DemoChance chance)
    {
        var trace = $"{chance.Next():x16}{chance.Next():x16}";
        var root = $"{chance.Next():x16}";
        var spans = new List<MadeUpSpan>();
        var at = start;
        foreach (var site in agent.Sites)
        {
            var calls = (int)site.CallsPerRun + (chance.Share() < site.CallsPerRun - (int)site.CallsPerRun ? 1 : 0);
            for (var i = 0; i < calls; i++)
            {
                var call = Call(agent, site, trace, root, at, ref chance);
                spans.Add(call);
                at = call.End.AddMilliseconds(chance.Between(1, 40));
                if (chance.Share() < site.AskedAgain)
                {
                    var again = call with { Id = $"{chance.Next():x16}", Start = at, End = at + (call.End - call.Start) };
                    spans.Add(again);
                    at = again.End.AddMilliseconds(5);
                }
                if (site.CheckedBy is { } step || (site.Answer == TraceAnswer.Tool && (step = call.ToolCalls[0]) is not null))
                {
                    spans.Add(Step(agent, trace, root, step, at, at.AddMilliseconds(chance.Between(3, 300))));
                    at = spans[^1].End.AddMilliseconds(1);
                }
            }
        }
        var made = spans.Where(span => span.Site is not null).ToList();
        spans.Add(new MadeUpSpan
        {
            Trace = trace, Id = root, Parent = "", Name = $"invoke_agent {agent.Name}", Operation = "invoke_agent", Agent = agent.Name, Start = start, End = at,
            InputTokens = made.Sum(span => span.InputTokens), OutputTokens = made.Sum(span => span.OutputTokens),
        });
        return spans;
    }

    private static MadeUpSpan Call(TraceAgent agent, TraceSite site, string trace, string root, DateTimeOffset at, ref DemoChance chance)
    {
        var model = site.Models.Count == 1 ? site.Models[0] : chance.Pick(site.Models);
        var system = site.System is null ? null : TraceText.Fill(at >= Middle ? site.SystemLater ?? site.System : site.System, ref chance);
        var messages = new List<(string, string)>();
        for (var i = chance.Between(0, site.History); i > 0; i--)
        {
            messages.Add(("user", TraceText.Prose(chance.Between(5, 40), ref chance)));
            messages.Add(("assistant", TraceText.Prose(chance.Between(10, 60), ref chance)));
        }
        messages.Add(("user", TraceText.Fill(site.User, ref chance)));
        var (answer, tools) = Answer(site, ref chance);
        var given = ((system?.Length ?? 0) + messages.Sum(message => message.Item2.Length) + (site.Tools.Count * 300)) / 4;
        var output = Math.Max(1, ((answer?.Length ?? 0) / 4) + (tools.Count * 35));
        var cached = system is { Length: > 800 } && chance.Share() < 0.6 ? system.Length / 4 : 0;
        return new MadeUpSpan
        {
            Trace = trace, Id = $"{chance.Next():x16}", Parent = root, Name = site.Span ?? $"chat {model}", Agent = agent.Name, Site = site, Model = model,
            Start = at, End = at.AddMilliseconds(250 + (output * 12) + chance.Between(0, 200)), InputTokens = given, CacheReadTokens = cached, OutputTokens = output,
            System = system, Messages = messages, Answer = answer, ToolCalls = tools,
        };
    }

    private static MadeUpSpan Step(TraceAgent agent, string trace, string root, string name, DateTimeOffset start, DateTimeOffset end) => new()
    {
        Trace = trace, Id = $"{DemoChanceOf(trace, name, start).Next():x16}", Parent = root, Name = $"execute_tool {name}", Operation = "execute_tool", Agent = agent.Name, Start = start, End = end,
    };

    private static DemoChance DemoChanceOf(string trace, string name, DateTimeOffset start) => new(start.UtcTicks, trace + name);

    private static (string? Answer, IReadOnlyList<string> Tools) Answer(TraceSite site, ref DemoChance chance)
    {
        switch (site.Answer)
        {
            case TraceAnswer.Label:
                return (site.Values[Math.Min(chance.Between(0, site.Values.Count - 1), chance.Between(0, site.Values.Count - 1))], []); // The first ones are the frequent ones.
            case TraceAnswer.Json:
                var bytes = new MemoryStream();
                using (var json = new Utf8JsonWriter(bytes))
                {
                    json.WriteStartObject();
                    foreach (var key in site.Values) json.WriteString(key, TraceText.Prose(chance.Between(2, 12), ref chance));
                    json.WriteEndObject();
                }
                return (Encoding.UTF8.GetString(bytes.ToArray()), []);
            case TraceAnswer.Tool:
                return (null, [chance.Pick(site.Values)]);
            case TraceAnswer.Code:
                return (TraceText.Code(chance.Between(site.Length.From, site.Length.To), ref chance), []);
            default:
                return (TraceText.Prose(chance.Between(site.Length.From, site.Length.To), ref chance), []);
        }
    }
}
