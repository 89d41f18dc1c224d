using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Rung.Core.Checks;
using Rung.Core.Learning;

namespace Rung.Benchmarks;

/// <summary>What does it cost to score an answer with a trained verifier? It reads prompt and answer, counts, and asks three blends of regression and trees.</summary>
[MemoryDiagnoser]
public class VerifierBenchmarks
{
    private readonly TrainedVerifier verifier = Train();
    private readonly Answer call = Call();
    private readonly Answer sum = Sum(7, isRight: true);
    private readonly Answer report = Report();

    [Benchmark]
    public double Short_tool_call() => verifier.Predict(call).KeepScore;

    [Benchmark(Baseline = true)]
    public double Word_problem_of_300_characters() => verifier.Predict(sum).KeepScore;

    [Benchmark]
    public double Answer_of_4_KB() => verifier.Predict(report).KeepScore;

    private static TrainedVerifier Train()
    {
        var rows = Enumerable.Range(0, 400).Select(i => new TrainingRow
        {
            Id = i.ToString(CultureInfo.InvariantCulture),
            Group = i.ToString(CultureInfo.InvariantCulture),
            WeakAnswer = Sum(i, isRight: i % 4 != 0),
            WeakQuality = i % 4 == 0 ? 0 : 1,
            StrongQuality = i % 9 == 0 ? 0 : 1,
        });
        return VerifierTraining.Train([.. rows], new TrainingOptions { Weak = "weak", Strong = "strong", Folds = 2 }).Verifier;
    }

    private static Answer Sum(int i, bool isRight)
    {
        var (boxes, each, sold) = (3 + (i % 17), 12 + (i % 5), 5 + (i % 7));
        var all = (boxes * each) + (isRight ? 0 : 2);
        return Of(
            $"A shop gets {boxes} boxes of lamps with {each} lamps in each box. On the first day it sells {sold} lamps, and on every day of the week after that twice as many. "
            + "Each lamp costs $14, and half of the money goes to the owner of the shop. How many lamps are left after the second day?",
            $"First, we find how many lamps the shop gets: {boxes} boxes * {each} lamps = <<{boxes}*{each}={all}>>{all} lamps.\n"
            + $"On the second day it sells {sold} * 2 = <<{sold}*2={sold * 2}>>{sold * 2} lamps, so together {sold} + {sold * 2} = <<{sold}+{sold * 2}={sold * 3}>>{sold * 3} are sold.\n"
            + $"Therefore there are {all} - {sold * 3} = <<{all}-{sold * 3}={all - (sold * 3)}>>{all - (sold * 3)} lamps left.\n#### {all - (sold * 3)}");
    }

    private static Answer Report()
    {
        var text = new StringBuilder();
        for (var i = 1; text.Length < 4000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i}. In quarter {i} the plant used about {i * 40} tonnes of ore; however, {i * 40} * 0.25 = {i * 10} tonnes could be recovered from waste.\n");
        }
        return Of("Summarise how much ore the plant used in every quarter, and how much of it could have been recovered. Explain your sums.", text.ToString()[..4000]);
    }

    private static Answer Call() => Of("What is the weather like in Zurich and in Lyon tomorrow, in celsius?", "") with
    {
        ToolCalls = [new ToolCall("get_weather", """{"city": "Zurich", "days": 1, "unit": "celsius"}"""u8.ToArray()), new ToolCall("get_weather", """{"city": "Lyon", "days": 1}"""u8.ToArray())],
        DeclaredTools = ["get_weather"],
        Context = new CallContext
        {
            Prompt = "What is the weather like in Zurich and in Lyon tomorrow, in celsius?"u8.ToArray(),
            Given = "What is the weather like in Zurich and in Lyon tomorrow, in celsius?"u8.ToArray(),
            Tools = """
                [{"type": "function", "function": {"name": "get_weather", "description": "The forecast of a city for the next days.", "parameters": {"type": "object",
                  "properties": {"city": {"type": "string", "description": "Name of the city"}, "days": {"type": "integer", "description": "How many days ahead"},
                  "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}, "required": ["city"]}}}]
                """u8.ToArray(),
        },
    };

    private static Answer Of(string prompt, string answer) => new()
    {
        Content = Encoding.UTF8.GetBytes(answer),
        FinishReason = "stop",
        ToolCalls = [],
        DeclaredTools = [],
        Context = new CallContext { Prompt = Encoding.UTF8.GetBytes(prompt), Given = Encoding.UTF8.GetBytes(prompt) },
    };
}
