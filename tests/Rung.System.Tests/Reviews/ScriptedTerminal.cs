using Rung.Commands.Review.Terminal;
using Spectre.Console;

namespace Rung.Tests.Reviews;

/// <summary>A terminal of 100 columns whose keys are pressed by a script, and whose screens are kept as they were when a key was waited for.</summary>
internal sealed class ScriptedTerminal : IConsoleKeys, IDisposable
{
    private readonly StringWriter writer = new();
    private readonly Queue<ConsoleKeyInfo> keys = new();

    public ScriptedTerminal(bool ansi = false, int height = 30)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No, ColorSystem = ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 100;
        console.Profile.Height = height;
        Terminal = new ReviewTerminal(this, console);
    }

    public ReviewTerminal Terminal { get; }

    /// <summary>What was on the screen at each key, oldest first.</summary>
    public List<string> Screens { get; } = [];

    /// <summary>Everything that was written after the last key.</summary>
    public string Rest => writer.ToString();

    /// <summary>Called before the n-th key is given.</summary>
    public Action<int>? BeforeKey { get; set; }

    /// <summary>Presses keys: a character each; arrows and the like by their names in braces: <c>{Enter}</c>.</summary>
    public ScriptedTerminal Press(string script)
    {
        for (var i = 0; i < script.Length; i++)
        {
            if (script[i] == '{')
            {
                var end = script.IndexOf('}', i);
                var name = script[(i + 1)..end];
                keys.Enqueue(name == "Ctrl-C" ? new ConsoleKeyInfo('\u0003', ConsoleKey.C, shift: false, alt: false, control: true)
                    : new ConsoleKeyInfo(name == "Enter" ? '\r' : '\0', Enum.Parse<ConsoleKey>(name), shift: false, alt: false, control: false));
                i = end;
            }
            else
            {
                keys.Enqueue(new ConsoleKeyInfo(script[i], ConsoleKey.None, shift: false, alt: false, control: false));
            }
        }
        return this;
    }

    public ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken)
    {
        Screens.Add(writer.ToString());
        writer.GetStringBuilder().Clear();
        BeforeKey?.Invoke(Screens.Count);
        return ValueTask.FromResult<ConsoleKeyInfo?>(keys.TryDequeue(out var key) ? key : null);
    }

    public void Dispose() => writer.Dispose();
}
