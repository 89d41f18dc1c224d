using Spectre.Console;

namespace Rung.Commands.Policy;

/// <summary>Writes a table without colours, at most 100 columns wide, without blanks at the ends of its lines.</summary>
internal static class PlainTable
{
    public static void Write(TextWriter output, Table table)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Lines.Width;
        console.Write(table);
        // The border draws an empty line above and below: where a table stands apart is its writer's business.
        foreach (var line in text.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n').SkipWhile(string.IsNullOrWhiteSpace)) output.WriteLine(line.TrimEnd());
    }
}
