namespace Rung.Demo.Ledgers;

/// <summary>The mark of a made-up data directory: a page for people, by whose presence the gateway knows that everything in it is simulated.</summary>
internal static class SimulatedMark
{
    /// <summary>Name of the page in the data directory.</summary>
    public const string FileName = "SIMULATED.md";

    private const string Sentence = "Everything in this data directory is made up by `rung demo ledger`: calls, answers, verdicts, prices and names.";

    /// <summary>Writes it.</summary>
    /// <param name="folder">The data directory.</param>
    /// <param name="serve">The command that shows it.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string folder, string serve) => File.WriteAllText(Path.Combine(folder, FileName), $"""
        # SIMULATED

        {Sentence}
        The rules are real: routes are decided, prices multiplied, rollouts advanced and alerts raised by the same code as beside a gateway.

            {serve}

        Do not let real calls into it: they could not be told from the others. Remove this file, and nothing says any more that it is made up.

        """);

    /// <summary>What pages say of a data directory; null for one that is not made up.</summary>
    public static string? Of(string folder) => File.Exists(Path.Combine(folder, FileName)) ? Sentence.Replace("`", "", StringComparison.Ordinal) : null;
}
