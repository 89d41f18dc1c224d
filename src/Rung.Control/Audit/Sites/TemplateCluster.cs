using System.Collections.Immutable;
using Rung.Control.Imports;

namespace Rung.Control.Audit.Sites;

/// <summary>Calls of one source that share what made them, and the evidence by which more of them are known.</summary>
internal sealed class TemplateCluster
{
    private const int MostProfiles = 16;
    private readonly BoundedCounts<ulong> profiles = new(MostProfiles);
    private long unexplained;

    /// <summary>What nearly all of its calls have, in the order of the prompt; empty when they share nothing.</summary>
    public ImmutableArray<TemplateItem> Core { get; init; } = [];
    /// <summary>Of them what every call must have.</summary>
    public ImmutableArray<ulong> Required { get; init; } = [];
    /// <summary>The set of tools of all its calls; null when it varies.</summary>
    public ulong? Tools { get; init; }
    /// <summary>The schema of all its calls; null when it varies.</summary>
    public ulong? Schema { get; init; }
    /// <summary>The form of output that all its calls ask for, 0 for text or not told; null when it varies.</summary>
    public byte? Request { get; init; }
    /// <summary>Whether its calls usually carry sentences beyond the core in the system prompt.</summary>
    public bool IsOpen { get; init; }
    /// <summary>Whether it is only what was left: calls without a template of their own.</summary>
    public bool IsLoose { get; init; }
    /// <summary>Whether its calls have content to tell by.</summary>
    public bool HasContent { get; init; } = true;
    /// <summary>What tells it from others besides a template (parameters, model), in words; null when nothing does.</summary>
    public string? Parameters { get; init; }
    /// <summary>A number that stands for it when it has no core.</summary>
    public ulong Key { get; init; }

    /// <summary>What its calls were like.</summary>
    public SiteTally Tally { get; } = new();
    /// <summary>When they began.</summary>
    public TimeSample Times { get; } = new();

    /// <summary>Sum of the weights of the core.</summary>
    public double CoreWeight => field == 0 ? field = Core.Sum(item => item.Weight) : field;
    /// <summary>How most of its answers and parameters look.</summary>
    public ulong Profile => profiles.ByCount().FirstOrDefault();

    /// <summary>Adds a call.</summary>
    public void Add(in SeenCall seen)
    {
        Tally.Add(seen);
        Times.Add(seen.Call.StartedAt);
        profiles.Add(ProfileOf(seen));
    }

    /// <summary>Form of the answer and parameters, as one number: what differs between two jobs but not between two calls of one job.</summary>
    public static ulong ProfileOf(in SeenCall seen)
    {
        var temperature = seen.Call.Temperature is { } told ? (ulong)Math.Clamp(Math.Round(told * 100) + 1, 0, 1000) : 0;
        return 1 + ((ulong)seen.Traits.Output << 48) + ((ulong)RequestOf(seen.Call) << 40) + (temperature << 24) + (ulong)Math.Clamp(seen.Call.MaxTokens ?? 0, 0, 0xFFFFFF);
    }

    /// <summary>The form of output as a number; 0 for text and for not told, which logs do not keep apart.</summary>
    public static byte RequestOf(ImportedCall call) => call.Output is { } form and not RequestedOutput.Text ? (byte)form : (byte)0;

    /// <summary>Whether a call has all that this cluster's calls have.</summary>
    public bool Matches(in SeenCall seen, in KeySet keys)
    {
        if ((Tools is { } tools && tools != seen.Traits.ToolSet) || (Schema is { } schema && schema != seen.Traits.Schema)) return false;
        if (Request is { } request && request != RequestOf(seen.Call)) return false;
        foreach (var key in Required)
        {
            if (!keys.Contains(key)) return false;
        }
        return true;
    }

    /// <summary>Weight of the core that a call has, as a share of the core.</summary>
    public double Coverage(in KeySet keys)
    {
        var weight = 0.0;
        foreach (var item in Core) weight += keys.Contains(item.Key) ? item.Weight : 0;
        return CoreWeight > 0 ? weight / CoreWeight : 0;
    }

    /// <summary>Whether a matching call should be looked at once more, because most of its system prompt is not this cluster's.</summary>
    /// <remarks>A job of its own may hide behind a sentence that many share. Where such calls are usual (retrieved passages), only each fourth is looked at.</remarks>
    public bool IsDoubtful(CallTraits traits)
    {
        var own = 0;
        foreach (var item in Core) own += item.Kind == ItemKind.System ? 1 : 0;
        var more = traits.SystemPieces - own;
        if (more < 2 || more * 2 < traits.SystemPieces) return false;
        return !IsOpen || unexplained++ % 4 == 0;
    }
}
