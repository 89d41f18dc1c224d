using System.Text.Json;
using Rung.Control.Imports.ClaudeCode;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Codex;

/// <summary>Reads rollouts of Codex. What a call used is the difference of the session's running totals; see <see cref="HistoryGate"/> for what forks repeat.</summary>
/// <remarks>
/// One call is held back: what follows its counts tells whether it ended its turn, which tools it called, and whether it was history. A total that the file has
/// had before adds nothing, wherever it stands. A total that falls is a counter that began anew. The first total of a file that is more than its last call is one
/// that was inherited: only the last call counts.
/// </remarks>
internal sealed class CodexReader : ILogReader
{
    private readonly SeenKeys _totals = new(); // Over all files: session and running total.
    private readonly HashSet<CodexTokens> _totalsOfFile = [];
    private readonly HistoryGate _gate = new();
    private readonly CodexExec _exec = new();

    private CodexSession _session = CodexSession.OfFile("");
    private bool _hasHead;
    private string? _model;
    private string? _effort;
    private string? _system;
    private CodexTokens? _total;
    private CodexStep _step = new();
    private CodexCall? _pending;
    private CodexTurn _turn = new(null, 0);
    private bool _turnsHaveIds;
    private int _counted;

    public void BeginFile(LogFile file)
    {
        _session = CodexSession.OfFile(file.Path);
        _gate.Begin(_session, null);
        _exec.BeginFile(file);
        _totalsOfFile.Clear();
        _hasHead = false;
        _model = _effort = _system = null;
        _total = null;
        _step = new CodexStep();
        _pending = null;
        _turn = new CodexTurn(null, 0);
        _turnsHaveIds = false;
        _counted = 0;
    }

    public void Read(in LogRecord record, IImportSink sink)
    {
        using var document = record.Parse();
        var line = FieldReading.Of(document.RootElement);
        var at = line.Time("timestamp");
        var payload = line.Map("payload");
        switch (line.NameIfText("type"))
        {
            case "session_meta":
                Head(payload, at);
                break;
            case "turn_context":
                Settings(payload);
                BeginTurn(payload.NameIfText("turn_id"));
                break;
            case "response_item" when !payload.IsMissing:
                Item(payload.Element, at);
                break;
            case "event_msg" when payload.NameIfText("type") == "token_count":
                Counts(payload, at, sink);
                return;
            case "event_msg":
                Event(payload);
                break;
            case "thread.started" or "turn.started" or "turn.completed" or "turn.failed" or "item.started" or "item.updated" or "item.completed":
                _exec.Read(line, sink);
                return;
        }
        sink.Leave(LeftOut.NoModelCall);
    }

    public void EndFile(IImportSink sink) => Emit(sink);

    public void Complete(IImportSink sink)
    {
        // Nothing outlives its file.
    }

    private void Head(FieldReading payload, DateTimeOffset? at)
    {
        var head = CodexSession.Of(payload, at, _session);
        // The first head is the file's own; those behind it belong to history, or are the first once more.
        if (_hasHead)
        {
            _gate.Head(head.Id);
            return;
        }
        _hasHead = true;
        _session = head;
        _gate.Begin(head, at);
        _system = payload.Map("base_instructions").Text("text") ?? payload.NameIfText("instructions");
        if (_system is not null) _system = TranscriptText.Cut(_system);
    }

    private void Settings(FieldReading payload)
    {
        var nested = payload.Map("settings", "thread_settings");
        if (nested.IsMissing) nested = payload.Map("collaboration_mode").Map("settings");
        _model = payload.NameIfText("model", "model_name") ?? nested.NameIfText("model") ?? _model;
        _effort = payload.NameIfText("effort", "reasoning_effort") ?? nested.NameIfText("effort", "reasoning_effort") ?? _effort;
    }

    private void Event(FieldReading payload)
    {
        switch (payload.NameIfText("type"))
        {
            case "thread_settings_applied":
                Settings(payload);
                break;
            case "task_started" or "turn_started":
                BeginTurn(payload.NameIfText("turn_id"));
                break;
            case "task_complete" or "turn_complete" or "turn_aborted":
                if (_pending is { } last) last.EndsRun ??= true;
                break;
            case "user_message" when !_turnsHaveIds:
                StartTurn(null);
                break;
        }
    }

    private void BeginTurn(string? id)
    {
        if (id is null) return;
        _turnsHaveIds = true;
        if (id == _turn.Id) return;
        _gate.Turn(id);
        StartTurn(id);
    }

    private void StartTurn(string? id)
    {
        if (_pending is { } last && last.Turn == _turn) last.EndsRun ??= true;
        _turn = new CodexTurn(id, _turn.Ordinal + 1);
    }

    private void Item(JsonElement item, DateTimeOffset? at)
    {
        if (!CodexStep.IsInput(item))
        {
            _step.Output(item);
            return;
        }
        if (_step.HasEnded) _step = new CodexStep();
        _step.Input(item, at);
    }

    private void Counts(FieldReading payload, DateTimeOffset? time, IImportSink sink)
    {
        var figures = payload.Map("info");
        var total = CodexTokens.Of(figures.Map("total_token_usage"));
        var last = CodexTokens.Of(figures.Map("last_token_usage"));
        if ((total ?? last) is null)
        {
            sink.Leave(LeftOut.NoModelCall); // Limits only.
            return;
        }
        if (time is not { } at) throw new LogRecordException("timestamp is missing.");
        if (total is { } sum && !_totalsOfFile.Add(sum))
        {
            sink.Leave(LeftOut.Duplicate);
            return;
        }
        TakeBack(at, sink);

        // 1. What the call used, and how far the session's counter has come.
        var used = Used(total, last);
        _total = total ?? (_total ?? default) + used;

        // 2. Whether it is the session's own.
        var isHistory = _gate.IsHistory(at, parentHasThem: total is { } mark && _session.Parent is { } parent && _totals.Contains(parent, mark.ToString()));
        if (total is { } counter) _totals.Add(_session.Id, counter.ToString());
        if (isHistory)
        {
            _step = new CodexStep();
            sink.Leave(LeftOut.Replayed);
            return;
        }
        if (used.IsZero)
        {
            sink.Leave(LeftOut.Duplicate);
            return;
        }

        // 3. It is held until something follows.
        if (_pending is { } before && before.Turn == _turn) before.EndsRun ??= false;
        Emit(sink);
        Hold(payload, figures, at, used, total);
    }

    private CodexTokens Used(CodexTokens? total, CodexTokens? last)
    {
        if (total is not { } sum) return last ?? default;
        if (_total is not { } before) return last ?? sum; // Inherited, where it is more than the last call.
        return sum.GoesOnFrom(before) ? sum - before : last ?? sum;
    }

    /// <summary>The first call of a fork, held back, shares its second with the counts that come now: it was the beginning of the repeated history.</summary>
    private void TakeBack(DateTimeOffset at, IImportSink sink)
    {
        if (_counted != 1 || _pending is not { MayBeHistory: true } first || first.At.Ticks / TimeSpan.TicksPerSecond != at.Ticks / TimeSpan.TicksPerSecond) return;
        _gate.Close(first.At);
        _pending = null;
        _counted = 0;
        sink.Leave(LeftOut.Replayed);
    }

    private void Hold(FieldReading payload, FieldReading figures, DateTimeOffset at, CodexTokens used, CodexTokens? total)
    {
        if (_step.IsCounted) _step = new CodexStep();
        _step.IsCounted = true;
        var model = payload.NameIfText("model", "model_name") ?? figures.NameIfText("model", "model_name") ?? _model ?? "";
        _pending = new CodexCall
        {
            Session = _session, Model = model, Effort = _effort, System = _system, At = at, Used = used, Step = _step, Turn = _turn, Position = _turn.Calls++,
            Key = total is { } sum ? $"{_session.Id}:{sum}" : $"{_session.Id}:{at.UtcTicks}:{used}",
            Before = _turn.LastStep,
            MayBeHistory = _session.MayRepeat && _gate.IsGuess,
        };
        _turn.LastStep = _step;
        _turn.Prompt ??= _step;
        _counted++;
    }

    private void Emit(IImportSink sink)
    {
        if (_pending is not { } call) return;
        _pending = null;
        sink.Add(call.ToCall());
    }
}

/// <summary>A turn: what a model does upon one prompt of the user.</summary>
internal sealed class CodexTurn(string? id, int ordinal)
{
    /// <summary>Its place among the turns of its file.</summary>
    public int Ordinal { get; } = ordinal;
    /// <summary>Its id; null when the version writes none.</summary>
    public string? Id { get; } = id;
    /// <summary>Calls so far.</summary>
    public int Calls { get; set; }
    /// <summary>The step that holds the prompt.</summary>
    public CodexStep? Prompt { get; set; }
    /// <summary>The step of the last call.</summary>
    public CodexStep? LastStep { get; set; }
}
