using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rung.Core.Spans;
using Rung.Storage.Imports;

namespace Rung.Storage.Sqlite;

/// <summary>Reads imported calls back, page by page in order of their ids. What repeats from row to row is kept once. Not thread-safe.</summary>
internal sealed class ImportedReader(ImportedQuery query)
{
    private readonly TextPool _names = new();
    private readonly Dictionary<long, ImmutableArray<string>> _tools = [];
    private readonly IdWindow _window = IdWindow.Of(query.Since, query.Until);

    /// <summary>The next page.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="after">The id behind which to go on; null to begin.</param>
    /// <param name="most">At most so many.</param>
    public List<ImportedRecord> Page(Connection connection, string? after, int most)
    {
        using var rows = new Statement(connection, $"""
            SELECT {ImportedColumns.All} FROM imported_call
            WHERE id > ?1 AND id < ?2 AND started_at_us >= ?3 AND started_at_us < ?4
              AND (?5 IS NULL OR source = ?5) AND (?6 IS NULL OR coalesce(site_tag, tag) = ?6)
            ORDER BY id LIMIT ?7
            """);
        using var verdicts = new Statement(connection, "SELECT name, score, by_person FROM imported_verdict WHERE call_id = ? ORDER BY position");
        using var tools = new Statement(connection, "SELECT names FROM imported_tools WHERE id = ?");
        _window.Behind(after).Bind(rows);
        rows.Bind(5, query.Source);
        rows.Bind(6, query.Tag);
        rows.Bind(7, most);

        var page = new List<ImportedRecord>();
        while (rows.Next()) page.Add(Read(rows, tools, verdicts));
        return page;
    }

    /// <summary>What there is in a window, by source.</summary>
    public static List<ImportedSource> Sources(Connection connection, DateTimeOffset? since, DateTimeOffset? until)
    {
        using var rows = new Statement(connection, """
            SELECT source, count(*), sum(requests), min(started_at_us), max(started_at_us) FROM imported_call
            WHERE id > ?1 AND id < ?2 AND started_at_us >= ?3 AND started_at_us < ?4 GROUP BY source ORDER BY source
            """);
        IdWindow.Of(since, until).Bind(rows);
        var sources = new List<ImportedSource>();
        while (rows.Next())
        {
            sources.Add(new ImportedSource(
                rows.Text(0), rows.Integer(1), rows.Integer(2), UnixMicros.ToInstant(rows.Integer(3)), UnixMicros.ToInstant(rows.Integer(4))));
        }
        return sources;
    }

    // In the order of ImportedColumns.All.
    private ImportedRecord Read(Statement row, Statement tools, Statement verdicts) => new()
    {
        Id = row.Text(0),
        Source = Name(row, 1),
        Key = row.Text(2),
        StartedAt = UnixMicros.ToInstant(row.Integer(3)),
        Granularity = (int)row.Integer(4),
        Requests = row.Integer(5),
        Provider = Name(row, 6),
        Model = Name(row, 7),
        Usage = new TokenUsage
        {
            Input = row.Integer(8), CacheRead = row.Integer(9), CacheWrite = row.Integer(10), CacheWriteLong = row.Integer(11),
            AudioInput = row.Integer(12), Output = row.Integer(13), Reasoning = row.Integer(14), AudioOutput = row.Integer(15),
            Source = (UsageSource)row.Integer(16), Tier = (ServiceTier)row.Integer(17), ReportedCostNanoUsd = row.IntegerOrNull(59),
        },
        ReportedCostNanoUsd = row.IntegerOrNull(18),
        CostNanoUsd = row.IntegerOrNull(19),
        PricePermille = (int)row.Integer(20),
        LatencyMicros = row.IntegerOrNull(21),
        FirstByteMicros = row.IntegerOrNull(22),
        Status = (int)row.Integer(23),
        Error = NameOrNull(row, 24),
        FinishReason = NameOrNull(row, 25),
        Tag = NameOrNull(row, 26),
        TagSource = (int)row.Integer(27),
        SiteTag = NameOrNull(row, 28),
        Role = NameOrNull(row, 29),
        Agent = NameOrNull(row, 30),
        Step = NameOrNull(row, 31),
        Session = row.TextOrNull(32),
        User = row.TextOrNull(33),
        Team = NameOrNull(row, 34),
        Run = row.TextOrNull(35),
        RunPosition = (int?)row.IntegerOrNull(36),
        EndsRun = row.IntegerOrNull(37) is { } ends ? ends != 0 : null,
        FollowedBy = NameOrNull(row, 38),
        Temperature = row.RealOrNull(39),
        MaxTokens = (int?)row.IntegerOrNull(40),
        RequestedOutput = (int?)row.IntegerOrNull(41),
        Effort = NameOrNull(row, 42),
        Tools = ToolNames(row.IntegerOrNull(43), tools),
        ToolCalls = row.IsNull(44) ? default : Names(row, 44),
        Simulated = row.Integer(45) != 0,
        Template = ImmutableArray.Create(MemoryMarshal.Cast<byte, ulong>(row.Bytes(46))),
        SystemPieces = (int)row.Integer(47),
        ToolSet = (ulong?)row.IntegerOrNull(48),
        Schema = (ulong?)row.IntegerOrNull(49),
        SystemChars = (int?)row.IntegerOrNull(50),
        MessageChars = (int?)row.IntegerOrNull(51),
        Messages = (int?)row.IntegerOrNull(52),
        OutputShape = (int)row.Integer(53),
        OutputKey = (ulong?)row.IntegerOrNull(54),
        OutputChars = (int?)row.IntegerOrNull(55),
        Prompt = (ulong?)row.IntegerOrNull(56),
        DataSigns = (int)row.Integer(57),
        Verdicts = row.Integer(58) == 0 ? [] : Judgements(row.Text(0), verdicts),
    };

    private string Name(Statement row, int column) => _names.Of(row.Bytes(column));

    private string? NameOrNull(Statement row, int column) => row.IsNull(column) ? null : Name(row, column);

    private ImmutableArray<string> ToolNames(long? id, Statement tools)
    {
        if (id is not { } known) return default;
        if (_tools.TryGetValue(known, out var names)) return names;
        tools.Bind(1, known);
        names = tools.Next() ? Names(tools, 0) : default;
        tools.Reset();
        _tools.Add(known, names);
        return names;
    }

    private static ImmutableArray<string> Names(Statement row, int column) => [.. JsonSerializer.Deserialize<string[]>(row.Bytes(column))!];

    private static ImmutableArray<ImportedJudgement> Judgements(string id, Statement verdicts)
    {
        var judgements = ImmutableArray.CreateBuilder<ImportedJudgement>();
        verdicts.Bind(1, id);
        while (verdicts.Next()) judgements.Add(new ImportedJudgement(verdicts.Text(0), verdicts.Real(1), verdicts.Integer(2) != 0));
        return judgements.DrainToImmutable();
    }
}
