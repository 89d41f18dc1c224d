using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Captured calls and their answers.</summary>
internal static class CaptureTable
{
    private const string Columns =
        "id, started_at_us, expires_at_us, tag, route, session, user, data_class, sampled_at, policy_revision, redactions, answers, content_bytes";

    // Parameters 1 to 4 are the window of time; a reader that has passed an id goes on behind it.
    private const string Matching = """
        WHERE id > ?1 AND id < ?2 AND started_at_us >= ?3 AND started_at_us < ?4
          AND (?5 IS NULL OR tag = ?5) AND (?6 IS NULL OR session = ?6) AND (?7 IS NULL OR user = ?7) AND expires_at_us > ?8
        """;

    /// <summary>Seals content, and opens it again, for one place.</summary>
    public delegate byte[] Sealing(ReadOnlySpan<byte> content, string place);

    /// <summary>Adds calls; one whose id is there already is left as it is.</summary>
    /// <returns>How many were new.</returns>
    public static int Append(Connection connection, IReadOnlyList<CapturedCall> calls, Sealing close)
    {
        using var call = new Statement(connection,
            $"INSERT OR IGNORE INTO captured_call ({Columns}, sealed_request) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        using var answer = new Statement(connection,
            "INSERT INTO captured_answer (call_id, ordinal, model, tier, served, passed, score, finish_reason, sealed_message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        var added = 0;
        foreach (var captured in calls)
        {
            Bind(call, captured, close);
            call.Run();
            if (connection.Changes == 0) continue; // It is there already, with its answers: they came in the same transaction.
            added++;
            foreach (var given in captured.Answers)
            {
                Bind(answer, captured.CallId, given, close);
                answer.Run();
            }
        }
        return added;
    }

    /// <summary>One call whole; null when there is none of that id, or when it has expired.</summary>
    public static CapturedCall? Find(Connection connection, string id, DateTimeOffset now, Sealing open)
    {
        using var rows = new Statement(connection, $"SELECT {Columns}, sealed_request FROM captured_call WHERE id = ?1 AND expires_at_us > ?2");
        using var answers = Answers(connection);
        rows.Bind(1, id);
        rows.Bind(2, UnixMicros.From(now));
        return rows.Next() ? Read(rows, answers, open) : null;
    }

    /// <summary>Calls in order of their ids.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="query">Which.</param>
    /// <param name="after">The id behind which to go on; null to begin.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="now">What expires at this instant or before is not read.</param>
    /// <param name="open">Opens content.</param>
    public static List<CapturedCall> Page(Connection connection, CaptureQuery query, string? after, int most, DateTimeOffset now, Sealing open)
    {
        using var rows = new Statement(connection, $"SELECT {Columns}, sealed_request FROM captured_call {Matching} ORDER BY id LIMIT ?9");
        using var answers = Answers(connection);
        Bind(rows, query, after, now);
        rows.Bind(9, most);
        var page = new List<CapturedCall>();
        while (rows.Next()) page.Add(Read(rows, answers, open));
        return page;
    }

    /// <summary>The newest calls first, without their content.</summary>
    public static List<CaptureEntry> List(Connection connection, CaptureQuery query, DateTimeOffset now)
    {
        using var rows = new Statement(connection, $"SELECT {Columns} FROM captured_call {Matching} ORDER BY id DESC LIMIT ?9");
        Bind(rows, query, after: null, now);
        rows.Bind(9, query.Limit ?? -1L); // SQLite: a negative limit is none.
        var entries = new List<CaptureEntry>();
        while (rows.Next())
        {
            entries.Add(new CaptureEntry
            {
                CallId = rows.Text(0), StartedAt = UnixMicros.ToInstant(rows.Integer(1)), ExpiresAt = UnixMicros.ToInstant(rows.Integer(2)),
                Tag = rows.TextOrNull(3), Route = rows.Text(4), DataClass = rows.TextOrNull(7), SampledAt = rows.Real(8), PolicyRevision = rows.Integer(9),
                Redactions = (int)rows.Integer(10), Answers = (int)rows.Integer(11), ContentBytes = rows.Integer(12),
            });
        }
        return entries;
    }

    /// <summary>Sums by tag, the most calls first.</summary>
    public static List<CaptureSum> Sums(Connection connection, CaptureQuery query, DateTimeOffset now)
    {
        using var rows = new Statement(connection, $"""
            SELECT tag, count(*), sum(answers), sum(content_bytes), sum(redactions), sum(redactions > 0), min(started_at_us), max(started_at_us), min(expires_at_us)
            FROM captured_call {Matching} GROUP BY tag ORDER BY count(*) DESC, tag
            """);
        Bind(rows, query, after: null, now);
        var sums = new List<CaptureSum>();
        while (rows.Next())
        {
            sums.Add(new CaptureSum(
                rows.TextOrNull(0), (int)rows.Integer(1), (int)rows.Integer(2), rows.Integer(3), (int)rows.Integer(4), (int)rows.Integer(5),
                UnixMicros.ToInstant(rows.Integer(6)), UnixMicros.ToInstant(rows.Integer(7)), UnixMicros.ToInstant(rows.Integer(8))));
        }
        return sums;
    }

    /// <summary>The ids of the captured calls that a deletion is about, expired ones too.</summary>
    public static HashSet<string> Matches(Connection connection, ForgetRequest request)
    {
        using var rows = new Statement(connection, $"SELECT id FROM captured_call {ForgetFilter.Where("tag")}");
        ForgetFilter.Bind(rows, request);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Next()) ids.Add(rows.Text(0));
        return ids;
    }

    /// <summary>Deletes the captured calls of a deletion, with their answers.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="request">What is to go.</param>
    /// <param name="callIds">The calls that it is about, by their ids.</param>
    /// <returns>How many calls are gone.</returns>
    public static int Forget(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds)
    {
        var gone = Delete(connection, Matches(connection, request));
        return gone + Delete(connection, callIds);
    }

    /// <summary>Deletes what has expired, at most so many calls.</summary>
    public static int DropExpired(Connection connection, DateTimeOffset now, int most)
    {
        using var rows = new Statement(connection, "SELECT id FROM captured_call WHERE expires_at_us <= ? LIMIT ?");
        rows.Bind(1, UnixMicros.From(now));
        rows.Bind(2, most);
        var ids = new List<string>();
        while (rows.Next()) ids.Add(rows.Text(0));
        return Delete(connection, ids);
    }

    private static int Delete(Connection connection, IEnumerable<string> ids)
    {
        using var answers = new Statement(connection, "DELETE FROM captured_answer WHERE call_id = ?");
        using var call = new Statement(connection, "DELETE FROM captured_call WHERE id = ?");
        var gone = 0;
        foreach (var id in ids)
        {
            answers.Bind(1, id);
            answers.Run();
            call.Bind(1, id);
            call.Run();
            gone += connection.Changes;
        }
        return gone;
    }

    private static void Bind(Statement row, CapturedCall call, Sealing close)
    {
        row.Bind(1, call.CallId);
        row.Bind(2, UnixMicros.From(call.StartedAt));
        row.Bind(3, UnixMicros.From(call.ExpiresAt));
        row.Bind(4, call.Tag);
        row.Bind(5, call.Route);
        row.Bind(6, call.Session);
        row.Bind(7, call.User);
        row.Bind(8, call.DataClass);
        row.Bind(9, call.SampledAt);
        row.Bind(10, call.PolicyRevision);
        row.Bind(11, call.Redactions);
        row.Bind(12, call.Answers.Count);
        row.Bind(13, call.Request.Length + call.Answers.Sum(answer => (long)answer.Message.Length));
        row.Bind(14, close(call.Request.Span, RequestPlace(call.CallId)).AsSpan());
    }

    private static void Bind(Statement row, string callId, CapturedAnswer answer, Sealing close)
    {
        row.Bind(1, callId);
        row.Bind(2, answer.Ordinal);
        row.Bind(3, answer.Model);
        row.Bind(4, answer.Tier);
        row.Bind(5, answer.Served ? 1L : 0L);
        row.Bind(6, answer.Passed ? 1L : 0L);
        row.Bind(7, answer.Score);
        row.Bind(8, answer.FinishReason);
        row.Bind(9, close(answer.Message.Span, AnswerPlace(callId, answer.Ordinal)).AsSpan());
    }

    private static void Bind(Statement rows, CaptureQuery query, string? after, DateTimeOffset now)
    {
        IdWindow.Of(query.Since, query.Until).Behind(after).Bind(rows);
        rows.Bind(5, query.Tag);
        rows.Bind(6, query.Session);
        rows.Bind(7, query.User);
        rows.Bind(8, UnixMicros.From(now));
    }

    private static Statement Answers(Connection connection) => new(connection,
        "SELECT ordinal, model, tier, served, passed, score, finish_reason, sealed_message FROM captured_answer WHERE call_id = ? ORDER BY ordinal");

    private static CapturedCall Read(Statement row, Statement answers, Sealing open)
    {
        var id = row.Text(0);
        answers.Bind(1, id);
        var given = new List<CapturedAnswer>();
        while (answers.Next())
        {
            var ordinal = (int)answers.Integer(0);
            given.Add(new CapturedAnswer
            {
                Ordinal = ordinal, Model = answers.Text(1), Tier = answers.Text(2), Served = answers.Integer(3) != 0, Passed = answers.Integer(4) != 0,
                Score = answers.RealOrNull(5), FinishReason = answers.TextOrNull(6), Message = open(answers.Bytes(7), AnswerPlace(id, ordinal)),
            });
        }
        return new CapturedCall
        {
            CallId = id, StartedAt = UnixMicros.ToInstant(row.Integer(1)), ExpiresAt = UnixMicros.ToInstant(row.Integer(2)), Tag = row.TextOrNull(3),
            Route = row.Text(4), Session = row.TextOrNull(5), User = row.TextOrNull(6), DataClass = row.TextOrNull(7), SampledAt = row.Real(8),
            PolicyRevision = row.Integer(9), Redactions = (int)row.Integer(10), Request = open(row.Bytes(13), RequestPlace(id)), Answers = given,
        };
    }

    private static string RequestPlace(string callId) => $"captured_call/{callId}";

    private static string AnswerPlace(string callId, int ordinal) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"captured_answer/{callId}/{ordinal}");
}
