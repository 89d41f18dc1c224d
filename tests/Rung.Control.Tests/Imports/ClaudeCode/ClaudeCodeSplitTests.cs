using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports.ClaudeCode;
using static Rung.Control.Tests.Imports.ClaudeCode.TranscriptLines;

namespace Rung.Control.Tests.Imports.ClaudeCode;

/// <summary>The law of transcripts: however a session's lines are spread over files, copied and mixed, they add up to the same.</summary>
public class ClaudeCodeSplitTests
{
    [Fact]
    public void Any_split_over_files_with_copied_history_and_replays_adds_up_to_the_same() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var chance = new Random(seed);
            var (lines, output, answers) = Session(chance);
            var files = Enumerable.Range(0, chance.Next(1, 5)).Select(i => (Path: $"/p/{i}.jsonl", Lines: new List<string>())).ToList();
            foreach (var line in lines)
            {
                files[chance.Next(files.Count)].Lines.Add(line);
                // Copies of history stand in any other file, too.
                if (chance.Next(3) == 0) files[chance.Next(files.Count)].Lines.Add(line);
            }
            var order = files.ToArray();
            chance.Shuffle(order);
            var run = LogRun.OfLines(new ClaudeCodeFormat(), [.. order.Select(file => (file.Path, (IEnumerable<string>)file.Lines))]);
            return (run.Tokens().Output == output && run.Calls.Count == answers && run.Faults.Count == 0).Label($"{run.Tokens().Output} of {output}, {run.Calls.Count} of {answers}");
        }).QuickCheckThrowOnFailure();

    // Each answer has lines of a stream that has only begun, then its end; some are replayed in a side thread under another request.
    private static (List<string> Lines, long Output, int Answers) Session(Random chance)
    {
        var lines = new List<string>();
        long output = 0;
        var answers = chance.Next(1, 25);
        for (var i = 0; i < answers; i++)
        {
            var side = chance.Next(4) == 0;
            var used = chance.Next(50, 1000);
            output += used;
            if (chance.Next(2) == 0) lines.Add(Prompt($"p{i}", "Go on.", second: i, side: side));
            for (var k = chance.Next(3); k > 0; k--) lines.Add(Answer($"m{i}", $"r{i}", chance.Next(1, 9), stop: null, side: side, second: i + 1));
            lines.Add(Answer($"m{i}", $"r{i}", used, side: side, second: i + 2));
            if (chance.Next(3) == 0) lines.Add(Answer($"m{i}", $"replay-{i}", used, side: true, second: i + 3));
        }
        return (lines, output, answers);
    }
}
