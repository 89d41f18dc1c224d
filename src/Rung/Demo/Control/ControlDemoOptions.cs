namespace Rung.Demo.Control;

/// <summary>How the story is told.</summary>
internal sealed record ControlDemoOptions
{
    /// <summary>How many minutes of the story go by in one of the machine.</summary>
    public const int UsualFactor = 60;

    /// <summary>Decides every ticket and every answer.</summary>
    public long Seed { get; init; } = 1;
    /// <summary>How much faster the story's time runs.</summary>
    public int Factor { get; init; } = UsualFactor;
    /// <summary>Whether the data directory stays.</summary>
    public bool Keep { get; init; }
    /// <summary>Where the gateway and its dashboard listen.</summary>
    public string Url { get; init; } = DemoOptions.AnyPort;
    /// <summary>Where the data directory is made.</summary>
    public required string Folder { get; init; }
}
