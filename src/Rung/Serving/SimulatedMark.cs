namespace Rung.Serving;

/// <summary>Says of a data directory that what lies in it was made up: a file of one sentence, which every page of a gateway on that directory then shows.</summary>
internal static class SimulatedMark
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "SIMULATED.txt";

    private const int MostChars = 500;

    /// <summary>Marks a directory.</summary>
    public static void Write(string dataDirectory, string words) => File.WriteAllText(Path.Combine(dataDirectory, FileName), words + "\n");

    /// <summary>What is made up; null for a directory without the mark.</summary>
    public static string? Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var words = File.ReadAllText(path).Trim();
            return words.Length is > 0 and <= MostChars ? words : "What this data directory holds was made up.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "What this data directory holds was made up.";
        }
    }
}
