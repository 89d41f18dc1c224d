using System.Text;
using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Runs of evals: their answers, grades, and questions under way.</summary>
internal static class EvalRunTable
{
    private const string RunColumns = "id, set_name, set_version, set_hash, tag, part, seed, plan, begun_at_us, ended_at_us";

    /// <summary>Adds a run, or takes over the plan and takes back the end of one that is there.</summary>
    public static void Begin(Connection connection, EvalRun run)
    {
        using var insert = new Statement(connection,
            $"INSERT INTO eval_run ({RunColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (id) DO UPDATE SET plan = excluded.plan, ended_at_us = NULL");
        insert.Bind(1, run.Id);
        insert.Bind(2, run.SetName);
        insert.Bind(3, run.SetVersion);
        insert.Bind(4, run.SetHash);
        insert.Bind(5, run.Tag);
        insert.Bind(6, run.Part is { } part ? (long)part : 0);
        insert.Bind(7, run.Seed);
        insert.Bind(8, run.Plan);
        insert.Bind(9, UnixMicros.From(run.BegunAt));
        insert.Run();
    }

    /// <summary>Notes the end of a run.</summary>
    public static void End(Connection connection, string run, DateTimeOffset now)
    {
        using var update = new Statement(connection, "UPDATE eval_run SET ended_at_us = ? WHERE id = ?");
        update.Bind(1, UnixMicros.From(now));
        update.Bind(2, run);
        update.Run();
    }

    /// <summary>One run; null when there is none.</summary>
    public static EvalRun? Find(Connection connection, string run)
    {
        using var row = new Statement(connection, $"SELECT {RunColumns} FROM eval_run WHERE id = ?");
        row.Bind(1, run);
        return row.Next() ? Read(row) : null;
    }

    /// <summary>Every run, the newest first.</summary>
    public static IReadOnlyList<EvalRun> List(Connection connection)
    {
        using var rows = new Statement(connection, $"SELECT {RunColumns} FROM eval_run ORDER BY begun_at_us DESC, id");
        var runs = new List<EvalRun>();
        while (rows.Next()) runs.Add(Read(rows));
        return runs;
    }

    /// <summary>Answers with their grades, by candidate and row.</summary>
    public static IReadOnlyList<EvalRunAnswer> Answers(Connection connection, string run, string? candidate, string? row, bool withContent, OpenContent open)
    {
        using var rows = new Statement(connection, $"""
            SELECT a.candidate, a.row_id, a.status, a.call_id, a.answered_at_us, a.latency_us, a.cost_nano_usd, a.unknown_prices, a.baseline_nano_usd,
                   a.input_tokens, a.output_tokens, a.attempts, a.upstream_model, a.finish_reason, a.why, {(withContent ? "a.sealed_message" : "NULL")},
                   g.row_id, g.score, g.reference_score, g.kind, g.cost_nano_usd, g.unknown_prices,
                   {(withContent ? "g.sealed_reason, g.sealed_verdicts" : "NULL, NULL")}
            FROM eval_answer a LEFT JOIN eval_grade g ON g.run = a.run AND g.candidate = a.candidate AND g.row_id = a.row_id
            WHERE a.run = ?1 AND (?2 IS NULL OR a.candidate = ?2) AND (?3 IS NULL OR a.row_id = ?3) ORDER BY a.candidate, a.row_id
            """);
        rows.Bind(1, run);
        rows.Bind(2, candidate);
        rows.Bind(3, row);
        var answers = new List<EvalRunAnswer>();
        while (rows.Next())
        {
            var (by, of) = (rows.Text(0), rows.Text(1));
            answers.Add(new EvalRunAnswer
            {
                Candidate = by, RowId = of, Status = (EvalAnswerStatus)rows.Integer(2), CallId = rows.TextOrNull(3), AnsweredAt = UnixMicros.ToInstant(rows.Integer(4)),
                LatencyMicros = rows.Integer(5), CostNanoUsd = rows.Integer(6), UnknownPriceAttempts = (int)rows.Integer(7), BaselineNanoUsd = rows.IntegerOrNull(8),
                InputTokens = rows.Integer(9), OutputTokens = rows.Integer(10), Attempts = (int)rows.Integer(11), UpstreamModel = rows.TextOrNull(12),
                FinishReason = rows.TextOrNull(13), Why = rows.TextOrNull(14), Message = Opened(rows, 15, Place(run, by, of, "message"), open),
                Grade = rows.IsNull(16) ? null : new EvalRunGrade
                {
                    Score = rows.RealOrNull(17), ReferenceScore = rows.RealOrNull(18), Kind = rows.TextOrNull(19), CostNanoUsd = rows.Integer(20),
                    UnknownPriceAttempts = (int)rows.Integer(21),
                    Reason = rows.IsNull(22) ? null : Encoding.UTF8.GetString(open(rows.Bytes(22), Place(run, by, of, "reason"))),
                    Verdicts = Opened(rows, 23, Place(run, by, of, "verdicts"), open),
                },
            });
        }
        return answers;
    }

    /// <summary>Stores an answer; one that is there already stays.</summary>
    public static void Save(Connection connection, string run, EvalRow row, EvalRunAnswer answer, DateTimeOffset now, CloseContent close)
    {
        using var insert = new Statement(connection, """
            INSERT OR IGNORE INTO eval_answer (run, candidate, row_id, status, call_id, answered_at_us, latency_us, cost_nano_usd, unknown_prices,
                baseline_nano_usd, input_tokens, output_tokens, attempts, upstream_model, finish_reason, why, sealed_message, row_call_id, row_called_at_us,
                row_session, row_user)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        insert.Bind(1, run);
        insert.Bind(2, answer.Candidate);
        insert.Bind(3, answer.RowId);
        insert.Bind(4, (long)answer.Status);
        insert.Bind(5, answer.CallId);
        insert.Bind(6, UnixMicros.From(now));
        insert.Bind(7, answer.LatencyMicros);
        insert.Bind(8, answer.CostNanoUsd);
        insert.Bind(9, answer.UnknownPriceAttempts);
        insert.Bind(10, answer.BaselineNanoUsd);
        insert.Bind(11, answer.InputTokens);
        insert.Bind(12, answer.OutputTokens);
        insert.Bind(13, answer.Attempts);
        insert.Bind(14, answer.UpstreamModel);
        insert.Bind(15, answer.FinishReason);
        insert.Bind(16, answer.Why);
        Bind(insert, 17, answer.Message.Span, Place(run, answer.Candidate, answer.RowId, "message"), close);
        insert.Bind(18, row.CallId);
        insert.Bind(19, row.CalledAt is { } at ? UnixMicros.From(at) : null);
        insert.Bind(20, row.Session);
        insert.Bind(21, row.User);
        insert.Run();
    }

    /// <summary>Stores a grade in the place of an earlier one. An answer that was forgotten meanwhile gets none.</summary>
    public static void Save(Connection connection, string run, string candidate, string row, EvalRunGrade grade, CloseContent close)
    {
        using (var answer = new Statement(connection, "SELECT 1 FROM eval_answer WHERE run = ? AND candidate = ? AND row_id = ?"))
        {
            answer.Bind(1, run);
            answer.Bind(2, candidate);
            answer.Bind(3, row);
            if (!answer.Next()) return;
        }
        using var insert = new Statement(connection, """
            INSERT OR REPLACE INTO eval_grade (run, candidate, row_id, score, reference_score, kind, cost_nano_usd, unknown_prices, sealed_reason, sealed_verdicts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        insert.Bind(1, run);
        insert.Bind(2, candidate);
        insert.Bind(3, row);
        insert.Bind(4, grade.Score);
        insert.Bind(5, grade.ReferenceScore);
        insert.Bind(6, grade.Kind);
        insert.Bind(7, grade.CostNanoUsd);
        insert.Bind(8, grade.UnknownPriceAttempts);
        Bind(insert, 9, Encoding.UTF8.GetBytes(grade.Reason ?? ""), Place(run, candidate, row, "reason"), close);
        Bind(insert, 10, grade.Verdicts.Span, Place(run, candidate, row, "verdicts"), close);
        insert.Run();
    }

    /// <summary>Notes a question that is about to be sent.</summary>
    public static void Begin(Connection connection, string run, EvalFlight flight, DateTimeOffset now)
    {
        using var insert = new Statement(connection,
            "INSERT INTO eval_flight (run, candidate, row_id, stage, call_id, begun_at_us, lost, cost_nano_usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        insert.Bind(1, run);
        insert.Bind(2, flight.Candidate);
        insert.Bind(3, flight.RowId);
        insert.Bind(4, (long)flight.Stage);
        insert.Bind(5, flight.CallId);
        insert.Bind(6, UnixMicros.From(now));
        insert.Bind(7, flight.Lost ? 1 : 0);
        insert.Bind(8, flight.CostNanoUsd);
        insert.Run();
    }

    /// <summary>Takes out the questions whose answer is stored; what was cut off before stays.</summary>
    public static void Land(Connection connection, string run, string candidate, string row, EvalStage stage)
    {
        using var delete = new Statement(connection, "DELETE FROM eval_flight WHERE run = ? AND candidate = ? AND row_id = ? AND stage = ? AND lost = 0");
        delete.Bind(1, run);
        delete.Bind(2, candidate);
        delete.Bind(3, row);
        delete.Bind(4, (long)stage);
        delete.Run();
    }

    /// <summary>Marks a question as cut off.</summary>
    public static void Lose(Connection connection, string run, EvalFlight flight, long? cost)
    {
        using var update = new Statement(connection, "UPDATE eval_flight SET lost = 1, cost_nano_usd = ? WHERE run = ? AND candidate = ? AND row_id = ? AND stage = ? AND call_id = ?");
        update.Bind(1, cost);
        update.Bind(2, run);
        update.Bind(3, flight.Candidate);
        update.Bind(4, flight.RowId);
        update.Bind(5, (long)flight.Stage);
        update.Bind(6, flight.CallId);
        update.Run();
    }

    /// <summary>The questions under way and those that were cut off.</summary>
    public static IReadOnlyList<EvalFlight> Flights(Connection connection, string run)
    {
        using var rows = new Statement(connection, "SELECT candidate, row_id, stage, call_id, lost, cost_nano_usd FROM eval_flight WHERE run = ? ORDER BY begun_at_us, call_id");
        rows.Bind(1, run);
        var flights = new List<EvalFlight>();
        while (rows.Next()) flights.Add(new EvalFlight(rows.Text(0), rows.Text(1), (EvalStage)rows.Integer(2), rows.Text(3), rows.Integer(4) != 0, rows.IntegerOrNull(5)));
        return flights;
    }

    /// <summary>Drops answers that failed; what they cost stays, as lost.</summary>
    public static int DropFailed(Connection connection, string run, DateTimeOffset now)
    {
        var failed = new List<EvalFlight>();
        using (var rows = new Statement(connection, "SELECT candidate, row_id, call_id, cost_nano_usd FROM eval_answer WHERE run = ? AND status = 2"))
        {
            rows.Bind(1, run);
            while (rows.Next()) failed.Add(new EvalFlight(rows.Text(0), rows.Text(1), EvalStage.Answer, rows.TextOrNull(2) ?? "", Lost: true, rows.Integer(3)));
        }
        foreach (var flight in failed)
        {
            if (flight.CostNanoUsd > 0) Begin(connection, run, flight, now);
            using var delete = new Statement(connection, "DELETE FROM eval_answer WHERE run = ? AND candidate = ? AND row_id = ?");
            delete.Bind(1, run);
            delete.Bind(2, flight.Candidate);
            delete.Bind(3, flight.RowId);
            delete.Run();
        }
        return failed.Count;
    }

    /// <summary>Deletes answers and grades of rows that are about what is forgotten. The caller holds the transaction.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="request">What is forgotten: answers whose row matches everything that is given. A row that came from no call has neither a tag nor an age of its own.</param>
    /// <param name="callIds">Calls that are forgotten for other reasons.</param>
    /// <returns>Answers deleted.</returns>
    public static int Forget(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(callIds);
        var gone = 0;
        using (var delete = new Statement(connection, """
            DELETE FROM eval_answer
            WHERE (?1 IS NULL OR row_call_id = ?1) AND (?2 IS NULL OR row_session = ?2) AND (?3 IS NULL OR row_user = ?3)
              AND (?4 IS NULL OR row_called_at_us < ?4) AND (?5 IS NULL OR (row_call_id IS NOT NULL AND run IN (SELECT id FROM eval_run WHERE tag = ?5)))
              AND (?1 IS NOT NULL OR ?2 IS NOT NULL OR ?3 IS NOT NULL OR ?4 IS NOT NULL OR ?5 IS NOT NULL)
            """))
        {
            ForgetFilter.Bind(delete, request);
            delete.Run();
            gone += connection.Changes;
        }
        using var byCall = new Statement(connection, "DELETE FROM eval_answer WHERE row_call_id = ?");
        foreach (var call in callIds)
        {
            byCall.Bind(1, call);
            byCall.Run();
            gone += connection.Changes;
        }
        return gone;
    }

    private static EvalRun Read(Statement row) => new()
    {
        Id = row.Text(0), SetName = row.Text(1), SetVersion = (int)row.Integer(2), SetHash = row.Text(3), Tag = row.Text(4),
        Part = row.Integer(5) is 0 ? null : (EvalPart)row.Integer(5), Seed = row.Integer(6), Plan = row.Text(7), BegunAt = UnixMicros.ToInstant(row.Integer(8)),
        EndedAt = row.IntegerOrNull(9) is { } ended ? UnixMicros.ToInstant(ended) : null,
    };

    private static ReadOnlyMemory<byte> Opened(Statement rows, int column, string place, OpenContent open) =>
        rows.IsNull(column) ? ReadOnlyMemory<byte>.Empty : open(rows.Bytes(column), place);

    private static void Bind(Statement statement, int parameter, ReadOnlySpan<byte> content, string place, CloseContent close)
    {
        if (content.IsEmpty) statement.Bind(parameter, (string?)null);
        else statement.Bind(parameter, close(content, place).AsSpan());
    }

    private static string Place(string run, string candidate, string row, string part) => $"eval_answer {run}/{candidate}/{row} {part}";
}
