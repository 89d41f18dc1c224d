using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Notes on deletions: when, why, how much. Never who.</summary>
internal static class ForgettingTable
{
    /// <summary>Notes one.</summary>
    public static void Append(Connection connection, string reason, ForgetReport report, DateTimeOffset now)
    {
        using var row = new Statement(connection,
            "INSERT INTO forgetting (at_us, reason, captures, eval_rows, run_answers, reviews, comments) VALUES (?, ?, ?, ?, ?, ?, ?)");
        row.Bind(1, UnixMicros.From(now));
        row.Bind(2, reason);
        row.Bind(3, report.Captures);
        row.Bind(4, report.EvalRows);
        row.Bind(5, report.RunAnswers);
        row.Bind(6, report.Reviews);
        row.Bind(7, report.Comments);
        row.Run();
    }

    /// <summary>All of them, the newest first.</summary>
    public static List<ForgetNote> List(Connection connection)
    {
        using var rows = new Statement(connection,
            "SELECT at_us, reason, captures, eval_rows, run_answers, reviews, comments FROM forgetting ORDER BY id DESC");
        var notes = new List<ForgetNote>();
        while (rows.Next())
        {
            notes.Add(new ForgetNote(UnixMicros.ToInstant(rows.Integer(0)), rows.Text(1), new ForgetReport
            {
                Captures = (int)rows.Integer(2), EvalRows = (int)rows.Integer(3), RunAnswers = (int)rows.Integer(4), Reviews = (int)rows.Integer(5),
                Comments = (int)rows.Integer(6),
            }));
        }
        return notes;
    }
}
