using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>
/// Which answers have been counted, over all files: hashes, two or three an answer. A resumed session's file holds its history again; a sub-agent's may hold
/// messages of the thread that started it, under another request.
/// </summary>
internal sealed class CountedMessages
{
    private readonly SeenKeys _keys = new();

    /// <summary>Whether an answer that begins here has been counted already.</summary>
    public bool IsCopy(in MessageIdentity identity, bool isSidechain) =>
        _keys.Contains("answer", identity.ToString()) || _keys.Contains(isSidechain ? "message" : "sidechain message", identity.Message);

    /// <summary>Notes an answer.</summary>
    public void Add(in MessageIdentity identity, bool isSidechain)
    {
        _keys.Add("answer", identity.ToString());
        _keys.Add("message", identity.Message);
        if (isSidechain) _keys.Add("sidechain message", identity.Message);
    }
}
