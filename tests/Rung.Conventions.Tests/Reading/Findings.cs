namespace Rung.Conventions.Tests.Reading;

/// <summary>What a convention found wrong.</summary>
internal static class Findings
{
    /// <summary>Fails with every finding, one a line.</summary>
    public static void AreNone<T>(IEnumerable<T> found)
    {
        var all = found.Select(finding => $"{finding}").ToArray();
        Assert.True(all.Length == 0, $"{all.Length} found:{Environment.NewLine}{string.Join(Environment.NewLine, all)}");
    }
}
