using System.Globalization;
using System.Text;
using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Closes content before it is written.</summary>
/// <param name="content">The content.</param>
/// <param name="place">What it belongs to.</param>
internal delegate byte[] CloseContent(ReadOnlySpan<byte> content, string place);

/// <summary>Opens content that was read.</summary>
/// <param name="sealedBytes">As it lies in the file.</param>
/// <param name="place">What it belongs to.</param>
internal delegate byte[] OpenContent(ReadOnlySpan<byte> sealedBytes, string place);

/// <summary>Versions of eval sets and their rows.</summary>
internal static class EvalSetTable
{
    private const string SetColumns = "number, name, version, hash, tag, made_at_us, made_by, seed, sealed_profile, rows, removed, simulated";

    // A note is one line that a person reads.
    private const int LongestReason = 200;

    /// <summary>Inserts a version with its rows.</summary>
    public static void Insert(Connection connection, EvalSet set, IReadOnlyList<EvalRow> rows, CloseContent close)
    {
        using (var insert = new Statement(connection,
            "INSERT INTO eval_set (name, version, hash, tag, made_at_us, made_by, seed, sealed_profile, rows, removed, simulated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)"))
        {
            insert.Bind(1, set.Name);
            insert.Bind(2, set.Version);
            insert.Bind(3, set.Hash);
            insert.Bind(4, set.Tag);
            insert.Bind(5, UnixMicros.From(set.MadeAt));
            insert.Bind(6, set.MadeBy);
            insert.Bind(7, set.Seed);
            if (set.Profile is { } profile) insert.Bind(8, close(Encoding.UTF8.GetBytes(profile), Place(set.Name, set.Version, "profile")).AsSpan());
            else insert.Bind(8, (string?)null);
            insert.Bind(9, rows.Count);
            insert.Bind(10, set.Simulated ? 1 : 0);
            insert.Run();
        }
        InsertRows(connection, set, NumberOf(connection, set.Name, set.Version), rows, close);
    }

    /// <summary>One version, the newest when no number is given; null when there is none.</summary>
    public static EvalSet? Find(Connection connection, string name, int? version, OpenContent open)
    {
        using var row = new Statement(connection, $"SELECT {SetColumns} FROM eval_set WHERE name = ?1 AND (?2 IS NULL OR version = ?2) ORDER BY version DESC LIMIT 1");
        row.Bind(1, name);
        row.Bind(2, version);
        return row.Next() ? Read(connection, row, open) : null;
    }

    /// <summary>Every version, by name, the newest first.</summary>
    public static IReadOnlyList<EvalSet> List(Connection connection, OpenContent open)
    {
        using var rows = new Statement(connection, $"SELECT {SetColumns} FROM eval_set ORDER BY name, version DESC");
        var sets = new List<EvalSet>();
        while (rows.Next()) sets.Add(Read(connection, rows, open));
        return sets;
    }

    /// <summary>The rows that are still there, by position.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="name">Name of the set.</param>
    /// <param name="version">Its version.</param>
    /// <param name="id">Only this row; null: all.</param>
    /// <param name="open">Opens what is sealed.</param>
    public static IReadOnlyList<EvalRow> Rows(Connection connection, string name, int version, string? id, OpenContent open)
    {
        using var rows = new Statement(connection, """
            SELECT r.position, r.id, r.part, r.sealed_request, r.sealed_reference, r.reference_source, r.reference_by, r.reference_cost_nano_usd,
                   r.origin, r.call_id, r.called_at_us, r.session, r.end_user, r.data_class, r.stratum, r.weight, r.row_group
            FROM eval_set s JOIN eval_row r ON r.set_number = s.number WHERE s.name = ?1 AND s.version = ?2 AND (?3 IS NULL OR r.id = ?3) ORDER BY r.position
            """);
        rows.Bind(1, name);
        rows.Bind(2, version);
        rows.Bind(3, id);
        var read = new List<EvalRow>();
        while (rows.Next())
        {
            var rowId = rows.Text(1);
            read.Add(new EvalRow
            {
                Position = (int)rows.Integer(0), Id = rowId, Part = (EvalPart)rows.Integer(2),
                Request = open(rows.Bytes(3), Place(name, version, rowId, "request")),
                Reference = rows.IsNull(4) ? ReadOnlyMemory<byte>.Empty : open(rows.Bytes(4), Place(name, version, rowId, "reference")),
                ReferenceSource = (ReferenceSource)rows.Integer(5), ReferenceBy = rows.TextOrNull(6), ReferenceCostNanoUsd = rows.IntegerOrNull(7),
                Origin = rows.Text(8), CallId = rows.TextOrNull(9), CalledAt = rows.IntegerOrNull(10) is { } at ? UnixMicros.ToInstant(at) : null,
                Session = rows.TextOrNull(11), User = rows.TextOrNull(12), DataClass = rows.TextOrNull(13), Stratum = rows.TextOrNull(14),
                Weight = rows.Real(15), Group = rows.TextOrNull(16),
            });
        }
        return read;
    }

    /// <summary>
    /// Deletes rows that belong to what is forgotten, in every version, and what unfinished builds hold of it. A version that lost rows keeps its hash and gets a
    /// note. The caller holds the transaction.
    /// </summary>
    /// <param name="connection">The store.</param>
    /// <param name="request">What is forgotten: rows that match everything that is given. Rows from files match by session and user alone.</param>
    /// <param name="callIds">Calls that are forgotten for other reasons (found by what was captured of them).</param>
    /// <param name="now">The day that the note names.</param>
    /// <param name="sets">Gets the versions that lost rows, as <c>name@version</c>.</param>
    /// <returns>Rows deleted.</returns>
    public static int Forget(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds, DateTimeOffset now, ICollection<string> sets)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(callIds);
        EvalBuildTable.Forget(connection, request, callIds);
        var lost = new SortedDictionary<long, int>();
        foreach (var (set, position) in Matching(connection, request, callIds))
        {
            using var delete = new Statement(connection, "DELETE FROM eval_row WHERE set_number = ? AND position = ?");
            delete.Bind(1, set);
            delete.Bind(2, position);
            delete.Run();
            lost[set] = lost.GetValueOrDefault(set) + 1;
        }
        foreach (var (set, rows) in lost)
        {
            Note(connection, set, rows, request.Reason, now);
            sets.Add(NameOf(connection, set));
        }
        return lost.Values.Sum();
    }

    private static HashSet<(long Set, long Position)> Matching(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds)
    {
        var found = new HashSet<(long, long)>();
        // A row from a file has no call: neither a tag nor an age is its own, so that these alone do not reach it.
        using (var rows = new Statement(connection, """
            SELECT r.set_number, r.position FROM eval_row r JOIN eval_set s ON s.number = r.set_number
            WHERE (?1 IS NULL OR r.call_id = ?1) AND (?2 IS NULL OR r.session = ?2) AND (?3 IS NULL OR r.end_user = ?3)
              AND (?4 IS NULL OR r.called_at_us < ?4) AND (?5 IS NULL OR (r.call_id IS NOT NULL AND s.tag = ?5))
              AND (?1 IS NOT NULL OR ?2 IS NOT NULL OR ?3 IS NOT NULL OR ?4 IS NOT NULL OR ?5 IS NOT NULL)
            """))
        {
            rows.Bind(1, request.CallId);
            rows.Bind(2, request.Session);
            rows.Bind(3, request.User);
            rows.Bind(4, request.Before is { } before ? UnixMicros.From(before) : null);
            rows.Bind(5, request.Tag);
            while (rows.Next()) found.Add((rows.Integer(0), rows.Integer(1)));
        }
        using var byCall = new Statement(connection, "SELECT set_number, position FROM eval_row WHERE call_id = ?");
        foreach (var call in callIds)
        {
            byCall.Bind(1, call);
            while (byCall.Next()) found.Add((byCall.Integer(0), byCall.Integer(1)));
        }
        return found;
    }

    private static void Note(Connection connection, long set, int rows, string reason, DateTimeOffset now)
    {
        using (var count = new Statement(connection, "UPDATE eval_set SET removed = removed + ? WHERE number = ?"))
        {
            count.Bind(1, rows);
            count.Bind(2, set);
            count.Run();
        }
        using var note = new Statement(connection, "INSERT INTO eval_set_note (set_number, ordinal, text) SELECT ?1, count(*) + 1, ?2 FROM eval_set_note WHERE set_number = ?1");
        note.Bind(1, set);
        note.Bind(2, string.Create(CultureInfo.InvariantCulture, $"{rows} row{(rows == 1 ? "" : "s")} removed on {now.UtcDateTime:yyyy-MM-dd}: {OneLine(reason)}"));
        note.Run();
    }

    private static string OneLine(string reason)
    {
        var line = string.Join(' ', reason.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > LongestReason ? line[..LongestReason] + "…" : line;
    }

    private static void InsertRows(Connection connection, EvalSet set, long number, IReadOnlyList<EvalRow> rows, CloseContent close)
    {
        using var insert = new Statement(connection, """
            INSERT INTO eval_row (set_number, position, id, part, sealed_request, sealed_reference, reference_source, reference_by, reference_cost_nano_usd,
                origin, call_id, called_at_us, session, end_user, data_class, stratum, weight, row_group)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        foreach (var row in rows)
        {
            insert.Bind(1, number);
            insert.Bind(2, row.Position);
            insert.Bind(3, row.Id);
            insert.Bind(4, (int)row.Part);
            insert.Bind(5, close(row.Request.Span, Place(set.Name, set.Version, row.Id, "request")).AsSpan());
            if (row.Reference.IsEmpty) insert.Bind(6, (string?)null);
            else insert.Bind(6, close(row.Reference.Span, Place(set.Name, set.Version, row.Id, "reference")).AsSpan());
            insert.Bind(7, (int)row.ReferenceSource);
            insert.Bind(8, row.ReferenceBy);
            insert.Bind(9, row.ReferenceCostNanoUsd);
            insert.Bind(10, row.Origin);
            insert.Bind(11, row.CallId);
            insert.Bind(12, row.CalledAt is { } at ? UnixMicros.From(at) : null);
            insert.Bind(13, row.Session);
            insert.Bind(14, row.User);
            insert.Bind(15, row.DataClass);
            insert.Bind(16, row.Stratum);
            insert.Bind(17, row.Weight);
            insert.Bind(18, row.Group);
            insert.Run();
        }
    }

    private static EvalSet Read(Connection connection, Statement row, OpenContent open)
    {
        var (name, version) = (row.Text(1), (int)row.Integer(2));
        return new EvalSet
        {
            Name = name, Version = version, Hash = row.Text(3), Tag = row.TextOrNull(4), MadeAt = UnixMicros.ToInstant(row.Integer(5)), MadeBy = row.Text(6),
            Seed = row.Integer(7), Profile = row.IsNull(8) ? null : Encoding.UTF8.GetString(open(row.Bytes(8), Place(name, version, "profile"))),
            Rows = (int)row.Integer(9), Removed = (int)row.Integer(10), Simulated = row.Integer(11) != 0, Notes = Notes(connection, row.Integer(0)),
        };
    }

    private static List<string> Notes(Connection connection, long set)
    {
        using var rows = new Statement(connection, "SELECT text FROM eval_set_note WHERE set_number = ? ORDER BY ordinal");
        rows.Bind(1, set);
        var notes = new List<string>();
        while (rows.Next()) notes.Add(rows.Text(0));
        return notes;
    }

    private static long NumberOf(Connection connection, string name, int version)
    {
        using var row = new Statement(connection, "SELECT number FROM eval_set WHERE name = ? AND version = ?");
        row.Bind(1, name);
        row.Bind(2, version);
        row.Next();
        return row.Integer(0);
    }

    private static string NameOf(Connection connection, long number)
    {
        using var row = new Statement(connection, "SELECT name || '@' || version FROM eval_set WHERE number = ?");
        row.Bind(1, number);
        row.Next();
        return row.Text(0);
    }

    private static string Place(string name, int version, string what) => string.Create(CultureInfo.InvariantCulture, $"eval_set/{name}/{version}/{what}");

    private static string Place(string name, int version, string id, string what) => string.Create(CultureInfo.InvariantCulture, $"eval_row/{name}/{version}/{id}/{what}");
}
