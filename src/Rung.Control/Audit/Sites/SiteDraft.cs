namespace Rung.Control.Audit.Sites;

/// <summary>A site before it has its last name: what was grouped, and on what evidence.</summary>
internal sealed class SiteDraft
{
    /// <summary>The tag that the calls carry; null when they carry none.</summary>
    public string? CarriedTag { get; init; }
    /// <summary>Words of a name to suggest, from the surest evidence; empty when there are none.</summary>
    public string Words { get; init; } = "";
    /// <summary>Whether the words are a name that somebody gave (agent, step), and no description.</summary>
    public bool IsNamed { get; init; }
    /// <summary>How sure the group is, 0 to 1.</summary>
    public required double Confidence { get; init; }
    /// <summary>What that rests on.</summary>
    public required string GroupedBy { get; init; }
    /// <summary>Number of the evidence, the same from audit to audit.</summary>
    public required ulong Evidence { get; init; }
    /// <summary>Sentences of the prompt that all calls share.</summary>
    public int SharedSentences { get; init; }
    /// <summary>What its calls were like.</summary>
    public required SiteTally Tally { get; init; }
    /// <summary>The tallies of the clusters that it was joined from; empty when it is one of its own.</summary>
    public IReadOnlyList<SiteTally> Parts { get; init; } = [];

    /// <summary>The name for the names file.</summary>
    public string Fingerprint => (Evidence >> 16).ToString("x12", null);

    /// <summary>The tag, or its suggestion; set once all drafts are known, because it must be unique.</summary>
    public string Tag { get; set; } = "";
}
