using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>
/// Watches whether inputs are still those of a reference: of the eval set that proved the tier, or of the weeks before. It compares whole windows, and speaks when two
/// windows in a row have drifted: one comparison in a hundred does by chance, two in a row one in ten thousand.
/// </summary>
public sealed class InputWatch
{
    private readonly InputProfile _reference;
    private bool _drifted;
    private DateTimeOffset _drift;

    /// <summary>Makes one.</summary>
    /// <param name="reference">What inputs should look like.</param>
    /// <param name="referenceName">What it is of, for words: <c>eval set intent-200</c>.</param>
    public InputWatch(InputProfile reference, string referenceName)
    {
        ArgumentNullException.ThrowIfNull(reference);
        (_reference, ReferenceName) = (reference, referenceName);
    }

    /// <summary>What the reference is of.</summary>
    public string ReferenceName { get; }

    /// <summary>Whether two windows in a row have drifted.</summary>
    public bool IsDrifted { get; private set; }

    /// <summary>Beginning of the first window that did; null when there is none.</summary>
    public DateTimeOffset? SinceAt => IsDrifted ? _drift : null;

    /// <summary>The last comparison; null before there is any.</summary>
    public InputDrift? Last { get; private set; }

    /// <summary>Compares the next window: it holds no input of the window before.</summary>
    /// <param name="recent">Its inputs; too few of them say nothing, and the window does not count.</param>
    /// <param name="began">Its beginning.</param>
    public InputDrift Compare(InputProfile recent, DateTimeOffset began)
    {
        var found = _reference.Against(recent);
        if (recent.Count < InputProfile.LeastInputs || _reference.Count < InputProfile.LeastInputs) return Last ??= found;
        if (found.IsDrifted && !_drifted) _drift = began;
        IsDrifted = found.IsDrifted && _drifted;
        (_drifted, Last) = (found.IsDrifted, found);
        return found;
    }
}
