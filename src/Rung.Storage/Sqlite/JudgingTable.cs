using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Anchors of judges, how they were scored, and what people said of what judges judged.</summary>
internal static class JudgingTable
{
    /// <summary>Adds anchors that are not there yet.</summary>
    public static int Add(Connection connection, string tag, IReadOnlyList<JudgeAnchor> anchors, DateTimeOffset now, CloseContent close)
    {
        using var row = new Statement(connection, "INSERT OR IGNORE INTO judge_anchor (tag, id, added_at_us, sealed_item) VALUES (?, ?, ?, ?)");
        var added = 0;
        foreach (var anchor in anchors)
        {
            row.Bind(1, tag);
            row.Bind(2, anchor.Id);
            row.Bind(3, UnixMicros.From(now));
            row.Bind(4, close(anchor.Item.Span, PlaceOf(tag, anchor.Id)).AsSpan());
            row.Run();
            added += connection.Changes;
        }
        return added;
    }

    /// <summary>The anchors of a tag, by id.</summary>
    public static List<JudgeAnchor> Anchors(Connection connection, string tag, OpenContent open)
    {
        using var rows = new Statement(connection, "SELECT id, sealed_item FROM judge_anchor WHERE tag = ? ORDER BY id");
        rows.Bind(1, tag);
        var anchors = new List<JudgeAnchor>();
        while (rows.Next())
        {
            var id = rows.Text(0);
            anchors.Add(new JudgeAnchor(id, open(rows.Bytes(1), PlaceOf(tag, id))));
        }
        return anchors;
    }

    /// <summary>Adds a run over anchors; gives its number.</summary>
    public static long Add(Connection connection, JudgeAnchorRun run)
    {
        using var next = new Statement(connection, "SELECT COALESCE(MAX(id), 0) + 1 FROM judge_anchor_run");
        next.Next();
        var number = next.Integer(0);
        next.Reset();
        using (var row = new Statement(connection,
            "INSERT INTO judge_anchor_run (id, tag, judge_tag, at_us, model, version, terms, cost_nano_usd, unknown_prices) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"))
        {
            row.Bind(1, number);
            row.Bind(2, run.Tag);
            row.Bind(3, run.JudgeTag);
            row.Bind(4, UnixMicros.From(run.At));
            row.Bind(5, run.Model);
            row.Bind(6, run.Version);
            row.Bind(7, run.Terms);
            row.Bind(8, run.CostNanoUsd);
            row.Bind(9, run.UnknownPriceAttempts);
            row.Run();
        }
        using var score = new Statement(connection, "INSERT INTO judge_anchor_score (run, anchor, score, is_right, questions) VALUES (?, ?, ?, ?, ?)");
        foreach (var said in run.Scores)
        {
            score.Bind(1, number);
            score.Bind(2, said.Anchor);
            score.Bind(3, said.Score);
            score.Bind(4, said.IsRight is { } right ? right ? 1 : 0 : null);
            score.Bind(5, said.Questions);
            score.Run();
        }
        return number;
    }

    /// <summary>Runs over the anchors of a tag, oldest first.</summary>
    public static List<JudgeAnchorRun> Runs(Connection connection, string tag)
    {
        var runs = new List<JudgeAnchorRun>();
        using (var rows = new Statement(connection,
            "SELECT id, judge_tag, at_us, model, version, terms, cost_nano_usd, unknown_prices FROM judge_anchor_run WHERE tag = ? ORDER BY id"))
        {
            rows.Bind(1, tag);
            while (rows.Next())
            {
                runs.Add(new JudgeAnchorRun
                {
                    Id = rows.Integer(0), Tag = tag, JudgeTag = rows.Text(1), At = UnixMicros.ToInstant(rows.Integer(2)), Model = rows.Text(3), Version = rows.TextOrNull(4),
                    Terms = rows.Text(5), CostNanoUsd = rows.Integer(6), UnknownPriceAttempts = (int)rows.Integer(7), Scores = [],
                });
            }
        }
        using var scores = new Statement(connection, "SELECT anchor, score, is_right, questions FROM judge_anchor_score WHERE run = ? ORDER BY anchor");
        for (var i = 0; i < runs.Count; i++)
        {
            scores.Bind(1, runs[i].Id);
            var said = new List<JudgeAnchorScore>();
            while (scores.Next()) said.Add(new JudgeAnchorScore(scores.Text(0), scores.RealOrNull(1), scores.IntegerOrNull(2) is { } right ? right != 0 : null, (int)scores.Integer(3)));
            runs[i] = runs[i] with { Scores = said };
        }
        return runs;
    }

    /// <summary>Keeps what a judge and a person said of the same answers.</summary>
    public static int Save(Connection connection, IReadOnlyList<DoublyJudged> items)
    {
        using var old = new Statement(connection, "DELETE FROM judge_agreement WHERE tag = ? AND run = ? AND row_id = ? AND candidate = ? AND model = ?");
        using var row = new Statement(connection, """
            INSERT INTO judge_agreement
                (tag, run, row_id, candidate, model, reviewer, scale, judge_score, human_score, weight, at_us, row_call_id, row_session, row_user)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        foreach (var item in items)
        {
            old.Bind(1, item.Tag);
            old.Bind(2, item.Run);
            old.Bind(3, item.RowId);
            old.Bind(4, item.Candidate);
            old.Bind(5, item.Model);
            old.Run();
        }
        foreach (var item in items)
        {
            row.Bind(1, item.Tag);
            row.Bind(2, item.Run);
            row.Bind(3, item.RowId);
            row.Bind(4, item.Candidate);
            row.Bind(5, item.Model);
            row.Bind(6, item.Reviewer);
            row.Bind(7, (int)item.Scale);
            row.Bind(8, item.Judge);
            row.Bind(9, item.Human);
            row.Bind(10, item.Weight);
            row.Bind(11, UnixMicros.From(item.At));
            row.Bind(12, item.CallId);
            row.Bind(13, item.Session);
            row.Bind(14, item.User);
            row.Run();
        }
        return items.Count;
    }

    /// <summary>What a judge and people said of the same answers of a tag, oldest first.</summary>
    public static List<DoublyJudged> DoublyJudged(Connection connection, string tag, string? model)
    {
        using var rows = new Statement(connection, """
            SELECT run, row_id, candidate, model, reviewer, scale, judge_score, human_score, weight, at_us, row_call_id, row_session, row_user FROM judge_agreement
            WHERE tag = ?1 AND (?2 IS NULL OR model = ?2) ORDER BY at_us, run, row_id, candidate, model, reviewer
            """);
        rows.Bind(1, tag);
        rows.Bind(2, model);
        var items = new List<DoublyJudged>();
        while (rows.Next())
        {
            items.Add(new DoublyJudged
            {
                Tag = tag, Run = rows.Text(0), RowId = rows.Text(1), Candidate = rows.Text(2), Model = rows.Text(3), Reviewer = rows.Text(4), Scale = (JudgeScale)rows.Integer(5),
                Judge = rows.Real(6), Human = rows.Real(7), Weight = rows.Real(8), At = UnixMicros.ToInstant(rows.Integer(9)), CallId = rows.TextOrNull(10), Session = rows.TextOrNull(11),
                User = rows.TextOrNull(12),
            });
        }
        return items;
    }

    /// <summary>
    /// Deletes what is kept of answers to forgotten calls: scores alone, but they lead back to the call. A row from a file has no call: neither a tag nor an
    /// age is its own.
    /// </summary>
    /// <returns>How many verdicts are gone.</returns>
    internal static int Forget(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(callIds);
        var gone = 0;
        using (var delete = new Statement(connection, """
            DELETE FROM judge_agreement
            WHERE (?1 IS NULL OR row_call_id = ?1) AND (?2 IS NULL OR row_session = ?2) AND (?3 IS NULL OR row_user = ?3)
              AND (?4 IS NULL OR (row_call_id IS NOT NULL AND at_us < ?4)) AND (?5 IS NULL OR (row_call_id IS NOT NULL AND tag = ?5))
              AND (?1 IS NOT NULL OR ?2 IS NOT NULL OR ?3 IS NOT NULL OR ?4 IS NOT NULL OR ?5 IS NOT NULL)
            """))
        {
            ForgetFilter.Bind(delete, request);
            delete.Run();
            gone += connection.Changes;
        }
        using var byCall = new Statement(connection, "DELETE FROM judge_agreement WHERE row_call_id = ?");
        foreach (var call in callIds)
        {
            byCall.Bind(1, call);
            byCall.Run();
            gone += connection.Changes;
        }
        return gone;
    }

    private static string PlaceOf(string tag, string id) => $"judge_anchor {tag}/{id}";
}
