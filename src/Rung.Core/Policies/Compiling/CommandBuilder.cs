using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Rung.Core.Checks;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Compiling;

/// <summary>Builds the programs that checks may run, and finds what would make one of them useless or dangerous.</summary>
internal sealed partial class CommandBuilder(PolicyDocument document, FaultList faults)
{
    /// <summary>What stands for the path of the answer.</summary>
    public const string FilePlaceholder = "{file}";

    private static readonly AllowedCommand Defaults = new() { Name = "", Program = "" };

    /// <summary>The commands; those with faults are left out.</summary>
    public FrozenDictionary<string, AllowedCommand> Build()
    {
        var built = new Dictionary<string, AllowedCommand>(StringComparer.Ordinal);
        foreach (var entry in document.Commands)
        {
            var path = PolicyPath.Of("commands", entry.Name);
            if (faults.HasAt(path + ".") || entry.Run.IsEmpty) continue;
            Check(entry, PolicyPath.Of(path, "run"));
            built[entry.Name] = new AllowedCommand
            {
                Name = entry.Name,
                Program = entry.Run[0],
                Arguments = [.. entry.Run.Skip(1)],
                FileName = entry.File ?? Defaults.FileName,
                Stdin = entry.Stdin ?? Defaults.Stdin,
                TimeLimit = LimitsBuilder.Seconds(entry.Seconds) ?? Defaults.TimeLimit,
                MemoryBytes = entry.MemoryMb * LimitsBuilder.BytesPerMb ?? Defaults.MemoryBytes,
                OutputBytes = entry.OutputKb * 1024 ?? Defaults.OutputBytes,
            };
        }
        return built.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private void Check(CommandEntry entry, string path)
    {
        var program = entry.Run[0];
        if (!AbsolutePath().IsMatch(program))
            Fault(PolicyPath.Item(path, 0), $"The program \"{Quotation.Of(program)}\" is not an absolute path.", "Write the whole path, such as /usr/bin/python3: no search path is looked at.");
        else if (program.Contains('{') || program.Split('/', '\\').Contains(".."))
            Fault(PolicyPath.Item(path, 0), "The program must be a plain path, without \"..\" and without placeholders.", "Write the path of the program itself.");

        for (var i = 1; i < entry.Run.Length; i++)
        {
            if (Placeholder().Match(entry.Run[i]) is { Success: true, Value: var found })
                Fault(PolicyPath.Item(path, i), $"\"{Quotation.Of(found)}\" is replaced by nothing.", "Only {file} is replaced, by the path of a file that holds the answer.");
        }
        if (entry.Stdin != true && !entry.Run.Skip(1).Any(argument => argument.Contains(FilePlaceholder, StringComparison.Ordinal)))
            Fault(path, "The program never sees the answer.", "Add {file} to its arguments, or stdin: true.");
    }

    private void Fault(string path, string message, string fix) => faults.Add(document.PlaceOf(path), path, message, fix);

    [GeneratedRegex(@"\A(/|[A-Za-z]:[\\/]).+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex AbsolutePath();

    // Words that look like the placeholders of other tools; braces of a program's own arguments ({}, {"a": 1}) are left alone.
    [GeneratedRegex(@"\{(answer|prompt|input|output|path|filename|files|FILE|content)\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
