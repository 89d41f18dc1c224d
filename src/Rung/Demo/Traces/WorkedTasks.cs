namespace Rung.Demo.Traces;

/// <summary>
/// The worked example of docs/audit.md as a log: one frontier model for planner, worker, critic and file operations, the worker forty times as often as the
/// planner. Tokens are fixed and nothing is said, so that the arithmetic can be done by hand.
/// </summary>
internal static class WorkedTasks
{
    private const string Model = "claude-opus-5-5";
    private static readonly DateTimeOffset s_begin = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    private static readonly TraceSite s_plan = Site("plan-task", "planner", TraceAnswer.Text, 6000, 1200);
    private static readonly TraceSite s_step = Site("do-step", "worker", TraceAnswer.Text, 3000, 400);
    private static readonly TraceSite s_review = Site("review-step", "critic", TraceAnswer.Text, 4000, 250);
    private static readonly TraceSite s_file = Site("file-operations", "file-ops", TraceAnswer.Tool, 1500, 120) with { Temperature = 0 };

    /// <summary>Its call sites.</summary>
    public const int Sites = 4;

    /// <summary>So many tasks: a plan, forty steps with tests run after each, twenty-five file operations, four reviews.</summary>
    public static IEnumerable<MadeUpSpan> Spans(int tasks, long seed)
    {
        var chance = new DemoChance(seed, "worked example");
        for (var task = 0; task < tasks; task++)
        {
            var trace = $"{chance.Next():x16}{chance.Next():x16}";
            var root = $"{chance.Next():x16}";
            var start = s_begin.AddMinutes(task * 0.1);
            var at = start;
            MadeUpSpan Call(TraceSite site, ref DemoChance dice)
            {
                var (input, output) = site.Tokens!.Value;
                var call = new MadeUpSpan
                {
                    Trace = trace, Id = $"{dice.Next():x16}", Parent = root, Name = $"chat {Model}", Agent = "task-agent", Site = site, Model = Model,
                    Start = at, End = at.AddMilliseconds(400 + (output * 10)), InputTokens = input, OutputTokens = output, ToolCalls = site.Answer == TraceAnswer.Tool ? ["write_file"] : [],
                };
                at = call.End.AddMilliseconds(1);
                return call;
            }
            yield return Call(s_plan, ref chance);
            for (var step = 0; step < 40; step++)
            {
                yield return Call(s_step, ref chance);
                yield return new MadeUpSpan
                {
                    Trace = trace, Id = $"{chance.Next():x16}", Parent = root, Name = "execute_tool run_tests", Operation = "execute_tool", Agent = "task-agent", Start = at, End = at = at.AddMilliseconds(200),
                };
                at = at.AddMilliseconds(1);
                if (step < 25) yield return Call(s_file, ref chance);
                if (step % 10 == 9) yield return Call(s_review, ref chance);
            }
            yield return new MadeUpSpan { Trace = trace, Id = root, Parent = "", Name = "invoke_agent task-agent", Operation = "invoke_agent", Agent = "task-agent", Start = start, End = at };
        }
    }

    private static TraceSite Site(string name, string role, TraceAnswer answer, long input, long output) => new()
    {
        Name = name, IsTagged = true, Role = role, Models = [Model], CallsPerRun = 1, User = "", Answer = answer, Tokens = (input, output),
    };
}
