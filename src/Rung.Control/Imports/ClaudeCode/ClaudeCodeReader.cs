using System.Text.Json;
using Rung.Control.Imports.Anthropic;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>Reads transcripts of Claude Code: many lines tell of one answer, and answers are copied from thread to thread and from file to file.</summary>
/// <remarks>
/// <para>An answer is known by its message and request. Its lines repeat the usage block, early ones with the counts of a stream that had only begun: the largest
/// counts hold. A sub-agent's copy of a message of another thread (same message, other request) is no answer of its own, and the main thread's line wins over it.</para>
/// <para>An answer is held back until <see cref="MostOpen"/> others have begun in its file, or the file ends; one whose stream was still going on at the end of its
/// file is held until the last file has been read (at most <see cref="MostUnfinished"/>, the oldest goes first), because a resumed session may tell the end of it.
/// After that it has been counted, and what is left is this: a later and larger line of an answer that has been counted changes nothing; and where a sub-agent's
/// file is read before the file of the session that it copies from, the copy is the one that counts, under the sub-agent's name.</para>
/// </remarks>
internal sealed class ClaudeCodeReader : ILogReader
{
    /// <summary>Answers of one file of which more lines are waited for.</summary>
    internal const int MostOpen = 64;
    /// <summary>Answers without an end that are kept from file to file.</summary>
    internal const int MostUnfinished = 1024;
    private const int MostThreads = 8192;

    private readonly CountedMessages _counted = new();
    private readonly SubAgents _subAgents = new();
    private readonly HeldMessages _open = new();
    private readonly HeldMessages _unfinished = new();
    private readonly Dictionary<string, TranscriptThread> _threads = new(StringComparer.Ordinal);
    private readonly Queue<string> _threadKeys = new();
    private TranscriptThread _main = new(agentRun: null);
    private MessageIdentity _lastCopy;

    public void BeginFile(LogFile file)
    {
        _subAgents.BeginFile(file.Path);
        _threads.Clear();
        _threadKeys.Clear();
        _main = new TranscriptThread(agentRun: null);
        _lastCopy = default;
    }

    public void Read(in LogRecord record, IImportSink sink)
    {
        using var document = record.Parse();
        var line = new TranscriptLine(document.RootElement);
        var thread = ThreadOf(line);
        switch (line.Type)
        {
            case "assistant" when line.IsSynthetic:
                sink.Leave(LeftOut.Synthetic);
                break;
            case "assistant" when line.Usage.ValueKind == JsonValueKind.Object:
                Answer(line, thread, sink);
                break;
            case "user":
                _subAgents.Look(line);
                thread.Input(line);
                sink.Leave(LeftOut.NoModelCall);
                break;
            default:
                sink.Leave(LeftOut.NoModelCall);
                break;
        }
    }

    public void EndFile(IImportSink sink)
    {
        while (_open.Count > 0)
        {
            var message = _open.TakeFirst();
            if (message.StopReason is null) KeepUnfinished(message, sink);
            else Count(message, sink);
        }
    }

    public void Complete(IImportSink sink)
    {
        while (_unfinished.Count > 0) Count(_unfinished.TakeFirst(), sink);
    }

    private void Answer(in TranscriptLine line, TranscriptThread thread, IImportSink sink)
    {
        if ((AnthropicMessage.TextOf(line.Message, "id") ?? line.Id) is not { } id) throw new LogRecordException("The answer has neither message.id nor uuid.");
        if (line.Time is not { } at) throw new LogRecordException("timestamp is missing, or no time.");

        var identity = new MessageIdentity(id, line.RequestId);
        _subAgents.Look(line);
        if (_open.TryFind(identity, out var message))
        {
            message.Take(line, at, default);
            sink.Leave(LeftOut.Duplicate);
            return;
        }
        if (IsCopy(identity, line.IsSidechain, sink))
        {
            if (identity != _lastCopy) thread.Pass();
            _lastCopy = identity;
            sink.Leave(LeftOut.Replayed);
            return;
        }
        if (_unfinished.TryFind(identity, out message))
        {
            // Another file goes on with it.
            _unfinished.Remove(message);
            message.Take(line, at, default);
            sink.Leave(LeftOut.Duplicate);
        }
        else
        {
            message = new TranscriptMessage(identity, line.IsSidechain);
            message.Take(line, at, _subAgents.AuthorOf(line));
            thread.Begin(message, at);
        }
        _open.Add(message);
        if (_open.Count > MostOpen) Count(_open.TakeFirst(), sink);
    }

    /// <summary>Whether an answer is a copy of one that is held or counted. One of the main thread takes the place of a sub-agent's copy that is still held.</summary>
    private bool IsCopy(in MessageIdentity identity, bool isSidechain, IImportSink sink)
    {
        if (_counted.IsCopy(identity, isSidechain)) return true;
        foreach (var held in (ReadOnlySpan<HeldMessages>)[_open, _unfinished])
        {
            if (held.OfMessage(identity.Message) is not { } other || other.Identity == identity) continue;
            if (isSidechain) return true;
            if (!other.IsSidechain) continue;
            held.Remove(other);
            sink.Leave(LeftOut.Replayed);
        }
        return false;
    }

    private void KeepUnfinished(TranscriptMessage message, IImportSink sink)
    {
        if (_unfinished.Count >= MostUnfinished) Count(_unfinished.TakeFirst(), sink);
        _unfinished.Add(message);
    }

    private void Count(TranscriptMessage message, IImportSink sink)
    {
        _counted.Add(message.Identity, message.IsSidechain);
        ClaudeCodeCalls.Emit(message, sink);
    }

    // Lines of a sub-agent that are written into the main file carry its id, or only hang on each other (old versions).
    private TranscriptThread ThreadOf(in TranscriptLine line)
    {
        if (!line.IsSidechain && line.AgentId is null) return _main;
        TranscriptThread? thread;
        if (line.AgentId is { } agent)
        {
            if (!_threads.TryGetValue(agent, out thread)) Know(agent, thread = new TranscriptThread(agent));
            return thread;
        }
        if (line.ParentId is not { } parent || !_threads.TryGetValue(parent, out thread)) thread = new TranscriptThread(line.Id ?? line.Session);
        if (line.Id is { } id) Know(id, thread);
        return thread;
    }

    private void Know(string key, TranscriptThread thread)
    {
        if (!_threads.TryAdd(key, thread)) return;
        _threadKeys.Enqueue(key);
        if (_threadKeys.Count > MostThreads) _threads.Remove(_threadKeys.Dequeue());
    }
}
