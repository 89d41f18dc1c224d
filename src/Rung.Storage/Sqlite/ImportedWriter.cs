using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rung.Storage.Imports;

namespace Rung.Storage.Sqlite;

/// <summary>Writes batches of imported calls, one transaction each. Keeps its statements and binds only what changed since the row before. Not thread-safe.</summary>
internal sealed class ImportedWriter : IDisposable
{
    // Lists of tools whose number is remembered: as many as an importing process may meet, not as many as an attacker could make.
    private const int MostRemembered = 4096;

    private readonly Connection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _call;
    private readonly Statement _verdict;
    private readonly Statement _findTools;
    private readonly Statement _addTools;
    private readonly Dictionary<string, long> _toolLists = new(StringComparer.Ordinal);
    private (ImmutableArray<string> Names, long Id) _lastTools;
    private (ImmutableArray<string> Names, string Json) _lastToolCalls;

    public ImportedWriter(Connection connection)
    {
        _connection = connection;
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _call = new Statement(connection,
            $"INSERT OR IGNORE INTO imported_call ({ImportedColumns.All}) VALUES ({string.Join(", ", Enumerable.Repeat("?", ImportedColumns.Count))})");
        _verdict = new Statement(connection, "INSERT INTO imported_verdict (call_id, position, name, score, by_person) VALUES (?, ?, ?, ?, ?)");
        _findTools = new Statement(connection, "SELECT id FROM imported_tools WHERE names = ?");
        _addTools = new Statement(connection, "INSERT INTO imported_tools (names) VALUES (?) RETURNING id");
    }

    /// <summary>Writes all of a batch or, when it throws, nothing of it. A call whose id is there already is left as it is.</summary>
    /// <returns>How many were new.</returns>
    public int Append(IReadOnlyList<ImportedRecord> batch)
    {
        _begin.Run();
        try
        {
            var added = 0;
            for (var i = 0; i < batch.Count; i++) added += Insert(batch[i]) ? 1 : 0;
            _commit.Run();
            return added;
        }
        catch
        {
            Forget(); // Lists of this transaction are gone with it.
            _connection.RollBack();
            throw;
        }
    }

    private bool Insert(ImportedRecord call)
    {
        Bind(call);
        _call.Run();
        if (_connection.Changes == 0) return false; // It is there already, and so are its verdicts: they came in the same transaction.

        for (var position = 0; position < VerdictsOf(call); position++)
        {
            var verdict = call.Verdicts[position];
            _verdict.Bind(1, call.Id);
            _verdict.Bind(2, position);
            _verdict.Bind(3, verdict.Name);
            _verdict.Bind(4, verdict.Score);
            _verdict.Bind(5, verdict.ByPerson ? 1L : 0L);
            _verdict.Run();
        }
        return true;
    }

    // In the order of ImportedColumns.All.
    private void Bind(ImportedRecord call)
    {
        var row = _call;
        row.Bind(1, call.Id);
        row.Bind(2, call.Source);
        row.Bind(3, call.Key);
        row.Bind(4, UnixMicros.From(call.StartedAt));
        row.Bind(5, call.Granularity);
        row.Bind(6, call.Requests);
        row.Bind(7, call.Provider);
        row.Bind(8, call.Model);
        var usage = call.Usage;
        row.Bind(9, usage.Input);
        row.Bind(10, usage.CacheRead);
        row.Bind(11, usage.CacheWrite);
        row.Bind(12, usage.CacheWriteLong);
        row.Bind(13, usage.AudioInput);
        row.Bind(14, usage.Output);
        row.Bind(15, usage.Reasoning);
        row.Bind(16, usage.AudioOutput);
        row.Bind(17, (long)usage.Source);
        row.Bind(18, (long)usage.Tier);
        row.Bind(19, call.ReportedCostNanoUsd);
        row.Bind(20, call.CostNanoUsd);
        row.Bind(21, call.PricePermille);
        row.Bind(22, call.LatencyMicros);
        row.Bind(23, call.FirstByteMicros);
        row.Bind(24, call.Status);
        row.Bind(25, call.Error);
        row.Bind(26, call.FinishReason);
        row.Bind(27, call.Tag);
        row.Bind(28, call.TagSource);
        row.Bind(29, call.SiteTag);
        row.Bind(30, call.Role);
        row.Bind(31, call.Agent);
        row.Bind(32, call.Step);
        row.Bind(33, call.Session);
        row.Bind(34, call.User);
        row.Bind(35, call.Team);
        row.Bind(36, call.Run);
        row.Bind(37, call.RunPosition);
        row.Bind(38, call.EndsRun is { } ends ? ends ? 1L : 0L : null);
        row.Bind(39, call.FollowedBy);
        row.Bind(40, call.Temperature);
        row.Bind(41, call.MaxTokens);
        row.Bind(42, call.RequestedOutput);
        row.Bind(43, call.Effort);
        row.Bind(44, ToolsId(call.Tools));
        row.Bind(45, ToolCallsJson(call.ToolCalls));
        row.Bind(46, call.Simulated ? 1L : 0L);
        if (call.Template.IsDefaultOrEmpty) row.Bind(47, (string?)null);
        else row.Bind(47, MemoryMarshal.AsBytes(call.Template.AsSpan())); // Little-endian, as every platform is that Rung runs on.
        row.Bind(48, call.SystemPieces);
        row.Bind(49, (long?)call.ToolSet);
        row.Bind(50, (long?)call.Schema);
        row.Bind(51, call.SystemChars);
        row.Bind(52, call.MessageChars);
        row.Bind(53, call.Messages);
        row.Bind(54, call.OutputShape);
        row.Bind(55, (long?)call.OutputKey);
        row.Bind(56, call.OutputChars);
        row.Bind(57, (long?)call.Prompt);
        row.Bind(58, call.DataSigns);
        row.Bind(59, VerdictsOf(call));
        row.Bind(60, usage.ReportedCostNanoUsd);
    }

    private static int VerdictsOf(ImportedRecord call) => call.Verdicts.IsDefault ? 0 : call.Verdicts.Length;

    private long? ToolsId(ImmutableArray<string> names)
    {
        if (names.IsDefault) return null;
        if (Same(names, _lastTools.Names)) return _lastTools.Id;
        var json = JsonSerializer.Serialize(names);
        if (!_toolLists.TryGetValue(json, out var id))
        {
            id = FindOrAddTools(json);
            if (_toolLists.Count >= MostRemembered) _toolLists.Clear();
            _toolLists.Add(json, id);
        }
        _lastTools = (names, id);
        return id;
    }

    private long FindOrAddTools(string json)
    {
        _findTools.Bind(1, json);
        var found = _findTools.Next();
        var id = _findTools.Integer(0);
        _findTools.Reset();
        if (found) return id;

        _addTools.Bind(1, json);
        _addTools.Next();
        id = _addTools.Integer(0);
        _addTools.Reset();
        return id;
    }

    private string? ToolCallsJson(ImmutableArray<string> names)
    {
        if (names.IsDefault) return null;
        if (names.IsEmpty) return "[]";
        if (!Same(names, _lastToolCalls.Names)) _lastToolCalls = (names, JsonSerializer.Serialize(names));
        return _lastToolCalls.Json;
    }

    private static bool Same(ImmutableArray<string> names, ImmutableArray<string> before) =>
        !before.IsDefault && (names == before || names.AsSpan().SequenceEqual(before.AsSpan()));

    private void Forget()
    {
        _toolLists.Clear();
        _lastTools = default;
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _call.Dispose();
        _verdict.Dispose();
        _findTools.Dispose();
        _addTools.Dispose();
    }
}
