namespace Rung.Control.Imports.Codex;

/// <summary>
/// Tells the history that a fork or a sub-agent repeats at the beginning of its file from its own calls. Codex writes the parent's lines again, stamped anew
/// within moments or with the times they had; what a call of one's own has, they lack.
/// </summary>
/// <remarks>
/// The surest sign comes first: turns have ids that carry the time at which they began, so a turn from before the session is history and a later one ends it;
/// the head of the session itself, written again behind the heads of its ancestors, ends it too. Without these: times before the session; a burst, each line
/// less than a second behind the one before it, for no model answers that fast; and counts that the parent's own file has.
/// </remarks>
internal sealed class HistoryGate
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private CodexSession _session = CodexSession.OfFile("");
    private bool _isOpen = true;
    private bool _sawAncestor;
    private bool? _turnIsOwn;
    private DateTimeOffset? _lastOfBurst;

    /// <summary>Whether only times say that history has ended.</summary>
    public bool IsGuess { get; private set; }

    /// <summary>A session begins.</summary>
    public void Begin(CodexSession session, DateTimeOffset? writtenAt)
    {
        _session = session;
        _isOpen = !session.MayRepeat;
        _sawAncestor = false;
        _turnIsOwn = null;
        IsGuess = false;
        _lastOfBurst = writtenAt ?? session.CreatedAt;
    }

    /// <summary>Another head stands in the file.</summary>
    public void Head(string id)
    {
        if (id != _session.Id) _sawAncestor = true;
        else if (_sawAncestor) _isOpen = true;
    }

    /// <summary>A turn begins.</summary>
    public void Turn(string? id)
    {
        if (CodexSession.OfUuid(id) is not { } began || _session.CreatedAt is not { } created) return;
        _turnIsOwn = began >= created;
        if (_turnIsOwn.Value && !_isOpen) _isOpen = true;
    }

    /// <summary>Whether counts are those of history. From the first that are not, none are.</summary>
    /// <param name="at">When they were written.</param>
    /// <param name="parentHasThem">Whether the parent's file has the same counts.</param>
    public bool IsHistory(DateTimeOffset at, bool parentHasThem)
    {
        if (_isOpen) return false;
        var isHistory = _turnIsOwn == false || at < _session.CreatedAt || parentHasThem || (_lastOfBurst is { } last && at - last < Burst);
        if (isHistory && at >= (_session.CreatedAt ?? at)) _lastOfBurst = at;
        if (!isHistory) _isOpen = IsGuess = true;
        return isHistory;
    }

    /// <summary>What was taken for the session's own first call was the beginning of the burst after all.</summary>
    public void Close(DateTimeOffset at)
    {
        _isOpen = IsGuess = false;
        _lastOfBurst = at;
    }
}
