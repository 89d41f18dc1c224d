using System.Diagnostics.CodeAnalysis;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>Answers of which more lines may come, in the order in which they began.</summary>
internal sealed class HeldMessages
{
    private readonly Dictionary<MessageIdentity, LinkedListNode<TranscriptMessage>> _byIdentity = [];
    private readonly Dictionary<string, TranscriptMessage> _byMessage = new(StringComparer.Ordinal);
    private readonly LinkedList<TranscriptMessage> _inOrder = new();

    /// <summary>How many there are.</summary>
    public int Count => _inOrder.Count;

    /// <summary>The answer of this identity.</summary>
    public bool TryFind(in MessageIdentity identity, [NotNullWhen(true)] out TranscriptMessage? message)
    {
        message = _byIdentity.TryGetValue(identity, out var node) ? node.Value : null;
        return message is not null;
    }

    /// <summary>The answer of this message, whatever the request; of several the last.</summary>
    public TranscriptMessage? OfMessage(string message) => _byMessage.GetValueOrDefault(message);

    /// <summary>Holds an answer.</summary>
    public void Add(TranscriptMessage message)
    {
        _byIdentity[message.Identity] = _inOrder.AddLast(message);
        _byMessage[message.Identity.Message] = message;
    }

    /// <summary>Lets one go.</summary>
    public void Remove(TranscriptMessage message)
    {
        if (!_byIdentity.Remove(message.Identity, out var node)) return;
        _inOrder.Remove(node);
        if (_byMessage.TryGetValue(message.Identity.Message, out var last) && ReferenceEquals(last, message)) _byMessage.Remove(message.Identity.Message);
    }

    /// <summary>Lets go of the one that began first.</summary>
    public TranscriptMessage TakeFirst()
    {
        var first = _inOrder.First!.Value;
        Remove(first);
        return first;
    }
}
