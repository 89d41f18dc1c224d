using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Builds of eval sets that are not finished, and the answers that they have paid for.</summary>
internal static class EvalBuildTable
{
    /// <summary>Begins a build, unless it is there already.</summary>
    public static void Begin(Connection connection, string key, string name, string? tag, DateTimeOffset begunAt)
    {
        using var insert = new Statement(connection, "INSERT OR IGNORE INTO eval_draft (key, name, tag, begun_at_us) VALUES (?, ?, ?, ?)");
        insert.Bind(1, key);
        insert.Bind(2, name);
        insert.Bind(3, tag);
        insert.Bind(4, UnixMicros.From(begunAt));
        insert.Run();
    }

    /// <summary>The build of a key; null when there is none.</summary>
    public static EvalBuild? Find(Connection connection, string key, OpenContent open)
    {
        using var begun = new Statement(connection, "SELECT begun_at_us FROM eval_draft WHERE key = ?");
        begun.Bind(1, key);
        if (!begun.Next()) return null;
        return new EvalBuild { Key = key, BegunAt = UnixMicros.ToInstant(begun.Integer(0)), Answers = Answers(connection, key, open) };
    }

    /// <summary>Keeps an answer: costs add up, and a whole answer is never lost to a later failure.</summary>
    public static void Save(Connection connection, string key, EvalRow row, EvalBuildAnswer answer, CloseContent close)
    {
        using var save = new Statement(connection, """
            INSERT INTO eval_draft_answer (draft_key, row_id, answered, sealed_message, model, cost_nano_usd, unknown_prices, call_id, called_at_us, session, end_user)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (draft_key, row_id) DO UPDATE SET
                cost_nano_usd = cost_nano_usd + excluded.cost_nano_usd, unknown_prices = unknown_prices + excluded.unknown_prices,
                sealed_message = coalesce(excluded.sealed_message, sealed_message), model = coalesce(excluded.model, model), answered = max(answered, excluded.answered)
            """);
        save.Bind(1, key);
        save.Bind(2, row.Id);
        save.Bind(3, answer.Message.IsEmpty ? 0 : 1);
        if (answer.Message.IsEmpty) save.Bind(4, (string?)null);
        else save.Bind(4, close(answer.Message.Span, Place(key, row.Id)).AsSpan());
        save.Bind(5, answer.Message.IsEmpty ? null : answer.Model);
        save.Bind(6, answer.CostNanoUsd);
        save.Bind(7, answer.UnknownPriceAttempts);
        save.Bind(8, row.CallId);
        save.Bind(9, row.CalledAt is { } at ? UnixMicros.From(at) : null);
        save.Bind(10, row.Session);
        save.Bind(11, row.User);
        save.Run();
    }

    /// <summary>Drops a build.</summary>
    public static void Drop(Connection connection, string key)
    {
        using var delete = new Statement(connection, "DELETE FROM eval_draft WHERE key = ?");
        delete.Bind(1, key);
        delete.Run();
    }

    /// <summary>Drops builds that were begun before, all but one.</summary>
    public static void DropBefore(Connection connection, DateTimeOffset before, string except)
    {
        using var delete = new Statement(connection, "DELETE FROM eval_draft WHERE begun_at_us < ? AND key <> ?");
        delete.Bind(1, UnixMicros.From(before));
        delete.Bind(2, except);
        delete.Run();
    }

    /// <summary>Deletes answers about rows that are forgotten. See <see cref="EvalSetTable.Forget"/>.</summary>
    public static void Forget(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds)
    {
        using (var delete = new Statement(connection, """
            DELETE FROM eval_draft_answer
            WHERE (?1 IS NULL OR call_id = ?1) AND (?2 IS NULL OR session = ?2) AND (?3 IS NULL OR end_user = ?3)
              AND (?4 IS NULL OR called_at_us < ?4) AND (?5 IS NULL OR (call_id IS NOT NULL AND draft_key IN (SELECT key FROM eval_draft WHERE tag = ?5)))
              AND (?1 IS NOT NULL OR ?2 IS NOT NULL OR ?3 IS NOT NULL OR ?4 IS NOT NULL OR ?5 IS NOT NULL)
            """))
        {
            ForgetFilter.Bind(delete, request);
            delete.Run();
        }
        using var byCall = new Statement(connection, "DELETE FROM eval_draft_answer WHERE call_id = ?");
        foreach (var call in callIds)
        {
            byCall.Bind(1, call);
            byCall.Run();
        }
    }

    private static Dictionary<string, EvalBuildAnswer> Answers(Connection connection, string key, OpenContent open)
    {
        using var rows = new Statement(connection, "SELECT row_id, sealed_message, model, cost_nano_usd, unknown_prices FROM eval_draft_answer WHERE draft_key = ?");
        rows.Bind(1, key);
        var answers = new Dictionary<string, EvalBuildAnswer>(StringComparer.Ordinal);
        while (rows.Next())
        {
            var id = rows.Text(0);
            answers.Add(id, new EvalBuildAnswer
            {
                Message = rows.IsNull(1) ? ReadOnlyMemory<byte>.Empty : open(rows.Bytes(1), Place(key, id)), Model = rows.TextOrNull(2),
                CostNanoUsd = rows.Integer(3), UnknownPriceAttempts = (int)rows.Integer(4),
            });
        }
        return answers;
    }

    private static string Place(string key, string id) => $"eval_draft/{key}/{id}";
}
