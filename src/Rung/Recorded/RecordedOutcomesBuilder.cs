using System.Text.Json;

namespace Rung.Recorded;

/// <summary>Gathers recorded outcomes from streams of JSON Lines. One bad line costs that line, never the file.</summary>
/// <param name="reading">How rows are read.</param>
internal sealed class RecordedOutcomesBuilder(RecordedReading reading)
{
    /// <summary>How many bad lines are kept with their reason; the rest are counted.</summary>
    public const int MaxFaultsKept = 20;

    private readonly List<RecordedRow> _rows = [];
    private readonly Dictionary<UInt128, RecordedRow> _byPrompt = [];
    private readonly Dictionary<string, Dictionary<string, RecordedOutcome[]>> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<RecordedLineFault> _faults = [];
    private int _faultCount;
    private int _duplicates;
    private int _unmatched;

    /// <summary>Gathers every prompt once, graded by the usual fields.</summary>
    public RecordedOutcomesBuilder() : this(new RecordedReading())
    {
    }

    /// <summary>Reads the rows of one outcomes file.</summary>
    /// <param name="stream">The file, unpacked.</param>
    /// <param name="file">Its name, for faults.</param>
    /// <param name="scope">Which ids belong together: responses of the same scope find their row by id.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task AddOutcomesAsync(Stream stream, string file, string scope, CancellationToken cancellationToken)
    {
        if (!_scopes.TryGetValue(scope, out var ids)) _scopes[scope] = ids = new(StringComparer.Ordinal);
        return ReadLinesAsync(stream, file, row => AddRow(row, ids), cancellationToken);
    }

    /// <summary>Reads answers that are kept beside the outcomes: <c>{"id", "model", "response"}</c> a line.</summary>
    /// <param name="stream">The file, unpacked.</param>
    /// <param name="file">Its name, for faults.</param>
    /// <param name="scope">The scope whose ids are meant; null: every scope's.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task AddResponsesAsync(Stream stream, string file, string? scope, CancellationToken cancellationToken)
    {
        var ids = _scopes.Where(known => scope is null || known.Key == scope).Select(known => known.Value).ToArray();
        return ReadLinesAsync(stream, file, line => AddResponse(line, ids), cancellationToken);
    }

    /// <summary>All that was read.</summary>
    /// <exception cref="InvalidDataException">That is nothing.</exception>
    public RecordedOutcomes Build()
    {
        if (_rows.Count == 0)
        {
            var first = _faults.Count > 0 ? $" First fault: {_faults[0].File}, line {_faults[0].Line}: {_faults[0].Message}." : "";
            throw new InvalidDataException($"No recorded outcome could be read.{first}");
        }
        return new RecordedOutcomes(_rows, _byPrompt)
        {
            StandIns = reading.StandIns ? AddStandIns() : 0,
            Duplicates = _duplicates,
            UnmatchedResponses = _unmatched,
            Faults = _faults,
            FaultCount = _faultCount,
        };
    }

    // After all files: an answer that lies beside the outcomes is better than any stand-in.
    private int AddStandIns()
    {
        var (added, texts) = (0, new Dictionary<(string, double), RecordedAnswer>());
        foreach (var outcome in _rows.SelectMany(row => row.Outcomes))
        {
            if (outcome is not { Answer: null, Score: { } score }) continue;
            if (!texts.TryGetValue((outcome.Model, score), out var answer)) texts[(outcome.Model, score)] = answer = StandIn.Of(outcome.Model, score);
            outcome.Answer = answer;
            added++;
        }
        return added;
    }

    private async Task ReadLinesAsync(Stream stream, string file, Func<JsonElement, string?> add, CancellationToken cancellationToken)
    {
        var last = 0;
        try
        {
            await foreach (var line in JsonLines.ReadAsync(stream, cancellationToken))
            {
                last = line.Number;
                if (Read(line, add) is { } fault) AddFault(file, line.Number, fault);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            // The rows before the break are good ones: a download that was cut is reported, not refused.
            AddFault(file, last + 1, $"the file breaks off: {broken.Message}");
        }
    }

    private static string? Read(JsonLine line, Func<JsonElement, string?> add)
    {
        try
        {
            using var json = JsonDocument.Parse(line.Bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object ? add(json.RootElement) : "not a JSON object";
        }
        catch (JsonException fault)
        {
            return $"not readable JSON at byte {(fault.BytePositionInLine ?? 0) + 1}";
        }
        // InvalidOperationException is how JsonElement says that a string is not valid Unicode.
        catch (Exception fault) when (fault is InvalidOperationException or FormatException)
        {
            return $"not readable JSON: {fault.Message}";
        }
    }

    private string? AddRow(JsonElement json, Dictionary<string, RecordedOutcome[]> ids)
    {
        if (Text(json, "prompt") is not { } prompt) return "no \"prompt\"";
        if (!json.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Object) return "no \"models\"";

        var read = models.EnumerateObject()
            .Where(model => model.Value.ValueKind == JsonValueKind.Object)
            .Select(model => RecordedOutcome.Read(Intern(model.Name), model.Value, reading.Label, Intern)).ToArray();
        var key = PromptKey.Of(prompt);
        if (_byPrompt.TryGetValue(key, out var row)) _duplicates++;
        if (row is null || reading.KeepDuplicates)
        {
            _rows.Add(row = NewRow(json, prompt, key));
            _byPrompt.TryAdd(key, row);
        }

        var taken = read.Where(row.TryAdd).ToArray();
        if (Id(json) is not { } id || ids.TryAdd(id, taken)) return null;
        return $"id {id} was seen before: answers kept beside the outcomes go to the first row of that id";
    }

    private RecordedRow NewRow(JsonElement json, string prompt, UInt128 key) => new()
    {
        Id = Id(json) ?? $"row/{_rows.Count + 1}",
        Source = Intern(Text(json, "source") ?? ""),
        Prompt = prompt,
        Key = key,
        Group = Text(json, "split_hint") is { } hint && hint.StartsWith("g:", StringComparison.Ordinal) ? hint : null,
        Gold = json.TryGetProperty("gold", out var gold) ? TextOrNumber(gold) : null,
        Tools = json.TryGetProperty("tools", out var tools) ? TextOrJson(tools) : null,
    };

    private string? AddResponse(JsonElement json, Dictionary<string, RecordedOutcome[]>[] scopes)
    {
        if (Id(json) is not { } id || Text(json, "model") is not { } model) return "no \"id\" or no \"model\"";
        if (!json.TryGetProperty("response", out var response) || RecordedAnswer.Read(response, Intern) is not { } answer) return "no \"response\" that is text or tool calls";

        var isKnown = false;
        foreach (var ids in scopes)
        {
            if (!ids.TryGetValue(id, out var outcomes)) continue;
            // The row of a duplicate prompt gave no outcomes: its id is known, and its answers are rightly not used.
            isKnown |= outcomes.Length == 0;
            foreach (var outcome in outcomes)
            {
                if (outcome.Model != model) continue;
                outcome.Answer ??= answer;
                isKnown = true;
            }
        }
        if (!isKnown) _unmatched++;
        return null;
    }

    private void AddFault(string file, int line, string message)
    {
        _faultCount++;
        if (_faults.Count < MaxFaultsKept) _faults.Add(new RecordedLineFault(file, line, message));
    }

    private string Intern(string name)
    {
        if (_names.TryGetValue(name, out var known)) return known;
        return _names[name] = name;
    }

    private static string? Id(JsonElement json) => json.TryGetProperty("id", out var id) ? TextOrNumber(id) : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? TextOrNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static string? TextOrJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array or JsonValueKind.Object => value.GetRawText(),
        _ => null,
    };
}
