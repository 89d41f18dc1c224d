using System.Globalization;
using Rung.Storage.Content;

namespace Rung.Storage.Sqlite;

/// <summary>Plans, items and verdicts of reviews. Comments go in and out sealed: opening them is the store's business.</summary>
internal static class ReviewTable
{
    /// <summary>People who may judge one item: a bound, far above what a design asks for.</summary>
    public const int MostReviewers = 20;

    private const string ItemColumns =
        "i.id, i.source, i.tag, p.scope, i.call_id, i.session, i.user, i.started_at_us, i.expires_at_us, i.set_name, i.set_version, i.row_id, i.run, i.candidate, " +
        "i.part, i.why, i.uniform_inclusion, i.targeted_inclusion, i.captured_at, i.reviewers, i.flipped, i.shuffle, i.verdicts, i.withdrawn";

    private const string VerdictColumns =
        "v.item, v.reviewer, v.revision, v.choice, v.good, v.rating, v.score, v.preference, v.given_at_us, v.replaced_at_us, v.booked_at_us, v.sealed_comment";

    /// <summary>Puts a plan and its items in. What is there stays; an item's chances only ever rise, for it could have been drawn at every planning.</summary>
    public static ReviewPlanned Add(Connection connection, ReviewPlan plan, IReadOnlyList<ReviewItem> items, DateTimeOffset now)
    {
        long planId;
        using (var upsert = new Statement(connection, """
            INSERT INTO review_plan (tag, scope, seed, quota, frame, made_at_us, planned_at_us) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tag, scope) DO UPDATE SET quota = excluded.quota, frame = excluded.frame, planned_at_us = excluded.planned_at_us
            RETURNING id
            """))
        {
            upsert.Bind(1, plan.Tag);
            upsert.Bind(2, plan.Scope);
            upsert.Bind(3, plan.Seed);
            upsert.Bind(4, plan.Quota);
            upsert.Bind(5, plan.Frame);
            upsert.Bind(6, UnixMicros.From(now));
            upsert.Bind(7, UnixMicros.From(now));
            upsert.Next();
            planId = upsert.Integer(0);
            upsert.Reset();
        }
        using var known = new Statement(connection, "SELECT 1 FROM review_item WHERE id = ?");
        using var insert = new Statement(connection, """
            INSERT INTO review_item (id, plan_id, source, tag, call_id, session, user, started_at_us, expires_at_us, set_name, set_version, row_id, run, candidate,
                part, why, uniform_inclusion, targeted_inclusion, captured_at, reviewers, flipped, shuffle)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET part = min(part, excluded.part), uniform_inclusion = max(uniform_inclusion, excluded.uniform_inclusion),
                targeted_inclusion = max(targeted_inclusion, excluded.targeted_inclusion), why = coalesce(why, excluded.why)
            """);
        var added = 0;
        foreach (var item in items)
        {
            known.Bind(1, item.Id);
            if (!known.Next()) added++;
            known.Reset();
            Bind(insert, item, planId);
            insert.Run();
        }
        return new ReviewPlanned(added, items.Count - added);
    }

    /// <summary>One plan; null when there is none.</summary>
    public static ReviewPlan? FindPlan(Connection connection, string tag, string scope)
    {
        using var row = new Statement(connection, "SELECT tag, scope, seed, quota, frame, made_at_us, planned_at_us FROM review_plan WHERE tag = ? AND scope = ?");
        row.Bind(1, tag);
        row.Bind(2, scope);
        return row.Next() ? Plan(row) : null;
    }

    /// <summary>Every plan with its progress, newest first.</summary>
    public static List<ReviewProgress> Progress(Connection connection, string? tag)
    {
        using var rows = new Statement(connection, """
            SELECT p.tag, p.scope, p.seed, p.quota, p.frame, p.made_at_us, p.planned_at_us,
                count(i.id) FILTER (WHERE i.withdrawn = 0 OR i.verdicts > 0), count(i.id) FILTER (WHERE i.verdicts > 0),
                count(i.id) FILTER (WHERE i.reviewers > 1 AND (i.withdrawn = 0 OR i.verdicts > 1)), count(i.id) FILTER (WHERE i.reviewers > 1 AND i.verdicts > 1),
                count(i.id) FILTER (WHERE i.withdrawn = 1 AND i.verdicts = 0)
            FROM review_plan p LEFT JOIN review_item i ON i.plan_id = p.id
            WHERE ?1 IS NULL OR p.tag = ?1
            GROUP BY p.id ORDER BY p.made_at_us DESC, p.id DESC
            """);
        rows.Bind(1, tag);
        var progress = new List<ReviewProgress>();
        while (rows.Next())
        {
            progress.Add(new ReviewProgress
            {
                Plan = Plan(rows), Items = (int)rows.Integer(7), Judged = (int)rows.Integer(8), Double = (int)rows.Integer(9), DoubleJudged = (int)rows.Integer(10), Withdrawn = (int)rows.Integer(11),
            });
        }
        return progress;
    }

    /// <summary>One item; null when there is none.</summary>
    public static ReviewItem? Find(Connection connection, string id)
    {
        using var row = new Statement(connection, $"SELECT {ItemColumns} FROM review_item i JOIN review_plan p ON p.id = i.plan_id WHERE i.id = ?");
        row.Bind(1, id);
        return row.Next() ? Item(row) : null;
    }

    /// <summary>The next item for a person, kept for them for a while; null when nothing is left. Newest plan first, in the random order of the plan.</summary>
    public static ReviewItem? Next(Connection connection, ReviewTurn turn, DateTimeOffset now)
    {
        ReviewItem? found;
        using (var row = new Statement(connection, $"""
            SELECT {ItemColumns} FROM review_item i JOIN review_plan p ON p.id = i.plan_id
            WHERE i.verdicts < i.reviewers AND i.withdrawn = 0 AND (?1 IS NULL OR i.tag = ?1) AND (?2 = 0 OR i.reviewers > 1)
                AND (i.leased_by IS NULL OR i.leased_by = ?3 OR i.leased_until_us <= ?4)
                AND NOT EXISTS (SELECT 1 FROM review_verdict v WHERE v.item = i.id AND v.reviewer = ?3 AND v.replaced_at_us IS NULL)
            ORDER BY p.made_at_us DESC, p.id DESC, i.shuffle, i.id LIMIT 1
            """))
        {
            row.Bind(1, turn.Tag);
            row.Bind(2, turn.DoubleOnly ? 1L : 0L);
            row.Bind(3, turn.Reviewer);
            row.Bind(4, UnixMicros.From(now));
            found = row.Next() ? Item(row) : null;
        }
        if (found is null) return null;
        using var lease = new Statement(connection, "UPDATE review_item SET leased_by = ?, leased_until_us = ? WHERE id = ?");
        lease.Bind(1, turn.Reviewer);
        lease.Bind(2, UnixMicros.From(now + turn.Lease));
        lease.Bind(3, found.Id);
        lease.Run();
        return found;
    }

    /// <summary>Stores a verdict; one of the same person on the same item is replaced and stays as a trail. The same verdict again changes nothing.</summary>
    /// <returns>The verdict with its revision; null when the item has too many reviewers already.</returns>
    public static ReviewVerdict? Give(Connection connection, ReviewVerdict verdict, Func<ReviewVerdict, byte[]?> seal, Func<ReviewVerdict, byte[]?, ReviewVerdict> open)
    {
        ReviewVerdict? standing = null;
        var newest = 0;
        using (var rows = new Statement(connection, $"SELECT {VerdictColumns} FROM review_verdict v WHERE v.item = ? AND v.reviewer = ? ORDER BY v.revision"))
        {
            rows.Bind(1, verdict.Item);
            rows.Bind(2, verdict.Reviewer);
            while (rows.Next())
            {
                var (read, written) = Verdict(rows);
                newest = read.Revision;
                if (read.ReplacedAt is null) standing = open(read, written);
            }
        }
        if (standing is not null && SaysTheSame(standing, verdict)) return standing;
        if (standing is null && Reviewers(connection, verdict.Item) >= MostReviewers) return null;
        if (standing is not null) Replace(connection, standing, verdict.GivenAt);

        var given = verdict with { Revision = newest + 1, ReplacedAt = null, BookedAt = null };
        using var insert = new Statement(connection, """
            INSERT INTO review_verdict (item, reviewer, revision, choice, good, rating, score, preference, given_at_us, sealed_comment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        insert.Bind(1, given.Item);
        insert.Bind(2, given.Reviewer);
        insert.Bind(3, given.Revision);
        insert.Bind(4, (long)given.Choice);
        insert.Bind(5, (long?)(byte?)given.Good);
        insert.Bind(6, (long?)given.Rating);
        insert.Bind(7, given.Score);
        insert.Bind(8, given.Preference);
        insert.Bind(9, UnixMicros.From(given.GivenAt));
        if (seal(given) is { } comment) insert.Bind(10, comment.AsSpan());
        else insert.Bind(10, (string?)null);
        insert.Run();
        Recount(connection, given.Item);
        return given;
    }

    /// <summary>The verdict in force of a person on an item; null when there is none.</summary>
    public static ReviewVerdict? Standing(Connection connection, string item, string reviewer, Func<ReviewVerdict, byte[]?, ReviewVerdict> open)
    {
        using var row = new Statement(connection, $"SELECT {VerdictColumns} FROM review_verdict v WHERE v.item = ? AND v.reviewer = ? AND v.replaced_at_us IS NULL");
        row.Bind(1, item);
        row.Bind(2, reviewer);
        if (!row.Next()) return null;
        var (verdict, comment) = Verdict(row);
        return open(verdict, comment);
    }

    /// <summary>Takes the verdict in force of a person back; it stays as a trail. False when there is none.</summary>
    public static bool TakeBack(Connection connection, string item, string reviewer, DateTimeOffset now)
    {
        using (var update = new Statement(connection, "UPDATE review_verdict SET replaced_at_us = ? WHERE item = ? AND reviewer = ? AND replaced_at_us IS NULL"))
        {
            update.Bind(1, UnixMicros.From(now));
            update.Bind(2, item);
            update.Bind(3, reviewer);
            update.Run();
        }
        if (connection.Changes == 0) return false;
        Recount(connection, item);
        return true;
    }

    /// <summary>Items in order of plan and shuffle, with their verdicts in force.</summary>
    public static List<ReviewedItem> Read(Connection connection, ReviewQuery query, Func<ReviewVerdict, byte[]?, ReviewVerdict> open)
    {
        var verdicts = new Dictionary<string, List<ReviewVerdict>>(StringComparer.Ordinal);
        using (var rows = new Statement(connection, $"SELECT {VerdictColumns} FROM review_verdict v WHERE v.replaced_at_us IS NULL ORDER BY v.item, v.given_at_us, v.reviewer"))
        {
            while (rows.Next())
            {
                var (read, comment) = Verdict(rows);
                if (!verdicts.TryGetValue(read.Item, out var ofItem)) verdicts.Add(read.Item, ofItem = []);
                ofItem.Add(query.WithComments ? open(read, comment) : read);
            }
        }
        using var items = new Statement(connection, $"""
            SELECT {ItemColumns} FROM review_item i JOIN review_plan p ON p.id = i.plan_id
            WHERE (?1 IS NULL OR i.tag = ?1) AND (?2 IS NULL OR p.scope = ?2) AND (?3 IS NULL OR i.set_name = ?3) AND (?4 = 0 OR i.verdicts > 0)
            ORDER BY p.made_at_us, p.id, i.shuffle, i.id
            """);
        items.Bind(1, query.Tag);
        items.Bind(2, query.Scope);
        items.Bind(3, query.Set);
        items.Bind(4, query.JudgedOnly ? 1L : 0L);
        var found = new List<ReviewedItem>();
        while (items.Next())
        {
            var item = Item(items);
            found.Add(new ReviewedItem(item, verdicts.TryGetValue(item.Id, out var ofItem) ? ofItem : []));
        }
        return found;
    }

    /// <summary>Verdicts in force on calls that have not gone to the ledger, with their items, oldest first. One without a score goes only where it takes the place of one that went.</summary>
    public static List<ReviewedItem> Unbooked(Connection connection, string? reviewer, DateTimeOffset until)
    {
        var found = new List<ReviewVerdict>();
        using (var rows = new Statement(connection, $"""
            SELECT {VerdictColumns} FROM review_verdict v JOIN review_item i ON i.id = v.item
            WHERE v.booked_at_us IS NULL AND v.replaced_at_us IS NULL AND i.source = ?1 AND (?2 IS NULL OR v.reviewer = ?2) AND v.given_at_us <= ?3
                AND (v.score IS NOT NULL
                    OR EXISTS (SELECT 1 FROM review_verdict e WHERE e.item = v.item AND e.reviewer = v.reviewer AND e.booked_at_us IS NOT NULL))
            ORDER BY v.given_at_us, v.item LIMIT 1000
            """))
        {
            rows.Bind(1, (long)ReviewSource.Call);
            rows.Bind(2, reviewer);
            rows.Bind(3, UnixMicros.From(until));
            while (rows.Next()) found.Add(Verdict(rows).Verdict);
        }
        return [.. found.Select(verdict => new ReviewedItem(Find(connection, verdict.Item)!, [verdict]))];
    }

    /// <summary>Notes that verdicts went to the ledger.</summary>
    public static int Book(Connection connection, IEnumerable<ReviewVerdict> verdicts, DateTimeOffset now)
    {
        using var update = new Statement(connection, "UPDATE review_verdict SET booked_at_us = ? WHERE item = ? AND reviewer = ? AND revision = ? AND booked_at_us IS NULL");
        var booked = 0;
        foreach (var verdict in verdicts)
        {
            update.Bind(1, UnixMicros.From(now));
            update.Bind(2, verdict.Item);
            update.Bind(3, verdict.Reviewer);
            update.Bind(4, verdict.Revision);
            update.Run();
            booked += connection.Changes;
        }
        return booked;
    }

    /// <summary>Takes items out of the queue whose content is gone.</summary>
    public static int Withdraw(Connection connection, string id)
    {
        using var update = new Statement(connection, "UPDATE review_item SET withdrawn = 1, leased_by = NULL, leased_until_us = NULL WHERE id = ? AND withdrawn = 0");
        update.Bind(1, id);
        update.Run();
        return connection.Changes;
    }

    /// <summary>Of items whose content has expired: takes those that nobody judged out of the queue, and deletes comments, which may quote it.</summary>
    /// <returns>Items that were concerned.</returns>
    public static int DropExpired(Connection connection, DateTimeOffset now)
    {
        using (var comments = new Statement(connection, """
            UPDATE review_verdict SET sealed_comment = NULL WHERE sealed_comment IS NOT NULL AND item IN (SELECT id FROM review_item WHERE expires_at_us <= ?)
            """))
        {
            comments.Bind(1, UnixMicros.From(now));
            comments.Run();
        }
        using var items = new Statement(connection, "UPDATE review_item SET withdrawn = 1, leased_by = NULL, leased_until_us = NULL WHERE expires_at_us <= ? AND withdrawn = 0 AND verdicts < reviewers");
        items.Bind(1, UnixMicros.From(now));
        items.Run();
        return connection.Changes;
    }

    /// <summary>Deletes items and their verdicts: those of the calls given, and those whose own columns match everything that is asked for.</summary>
    /// <returns>Items that were deleted.</returns>
    public static int Forget(Connection connection, ForgetRequest request, IReadOnlySet<string> callIds)
    {
        var ids = new List<string>();
        using (var matching = new Statement(connection, """
            SELECT id FROM review_item
            WHERE (?1 IS NOT NULL OR ?2 IS NOT NULL OR ?3 IS NOT NULL OR ?4 IS NOT NULL OR ?5 IS NOT NULL)
                AND (?1 IS NULL OR call_id = ?1) AND (?2 IS NULL OR session = ?2) AND (?3 IS NULL OR user = ?3) AND (?4 IS NULL OR started_at_us < ?4) AND (?5 IS NULL OR tag = ?5)
            """))
        {
            matching.Bind(1, request.CallId);
            matching.Bind(2, request.Session);
            matching.Bind(3, request.User);
            matching.Bind(4, request.Before is { } before ? UnixMicros.From(before) : null);
            matching.Bind(5, request.Tag);
            while (matching.Next()) ids.Add(matching.Text(0));
        }
        using (var ofCall = new Statement(connection, "SELECT id FROM review_item WHERE call_id = ?"))
        {
            foreach (var callId in callIds)
            {
                ofCall.Bind(1, callId);
                while (ofCall.Next()) ids.Add(ofCall.Text(0));
            }
        }
        using var verdicts = new Statement(connection, "DELETE FROM review_verdict WHERE item = ?");
        using var items = new Statement(connection, "DELETE FROM review_item WHERE id = ?");
        var deleted = 0;
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            verdicts.Bind(1, id);
            verdicts.Run();
            items.Bind(1, id);
            items.Run();
            deleted++;
        }
        return deleted;
    }

    /// <summary>What a sealed comment is bound to.</summary>
    public static string PlaceOf(ReviewVerdict verdict) => string.Create(CultureInfo.InvariantCulture, $"review_verdict {verdict.Item} {verdict.Reviewer} {verdict.Revision}");

    private static bool SaysTheSame(ReviewVerdict one, ReviewVerdict other) =>
        one.Choice == other.Choice && one.Good == other.Good && one.Rating == other.Rating && string.Equals(one.Comment, other.Comment, StringComparison.Ordinal);

    private static long Reviewers(Connection connection, string item)
    {
        using var count = new Statement(connection, "SELECT count(DISTINCT reviewer) FROM review_verdict WHERE item = ?");
        count.Bind(1, item);
        count.Next();
        return count.Integer(0);
    }

    private static void Replace(Connection connection, ReviewVerdict standing, DateTimeOffset now)
    {
        using var update = new Statement(connection, "UPDATE review_verdict SET replaced_at_us = ? WHERE item = ? AND reviewer = ? AND revision = ?");
        update.Bind(1, UnixMicros.From(now));
        update.Bind(2, standing.Item);
        update.Bind(3, standing.Reviewer);
        update.Bind(4, standing.Revision);
        update.Run();
    }

    // A skipped item was not judged. The lease ends with the verdict.
    private static void Recount(Connection connection, string item)
    {
        using var update = new Statement(connection, """
            UPDATE review_item SET leased_by = NULL, leased_until_us = NULL,
                verdicts = (SELECT count(*) FROM review_verdict v WHERE v.item = ?1 AND v.replaced_at_us IS NULL AND v.choice <> ?2)
            WHERE id = ?1
            """);
        update.Bind(1, item);
        update.Bind(2, (long)ReviewChoice.Skip);
        update.Run();
    }

    private static void Bind(Statement insert, ReviewItem item, long planId)
    {
        insert.Bind(1, item.Id);
        insert.Bind(2, planId);
        insert.Bind(3, (long)item.Source);
        insert.Bind(4, item.Tag);
        insert.Bind(5, item.CallId);
        insert.Bind(6, item.Session);
        insert.Bind(7, item.User);
        insert.Bind(8, item.StartedAt is { } started ? UnixMicros.From(started) : null);
        insert.Bind(9, item.ExpiresAt is { } expires ? UnixMicros.From(expires) : null);
        insert.Bind(10, item.Set);
        insert.Bind(11, item.Set is null ? null : (long?)item.SetVersion);
        insert.Bind(12, item.RowId);
        insert.Bind(13, item.Run);
        insert.Bind(14, item.Candidate);
        insert.Bind(15, (long)item.Part);
        insert.Bind(16, item.Why);
        insert.Bind(17, item.UniformInclusion);
        insert.Bind(18, item.TargetedInclusion);
        insert.Bind(19, item.CapturedAt);
        insert.Bind(20, item.Reviewers);
        insert.Bind(21, item.IsFlipped ? 1L : 0L);
        insert.Bind(22, item.Shuffle);
    }

    private static ReviewPlan Plan(Statement row) => new()
    {
        Tag = row.Text(0), Scope = row.Text(1), Seed = row.Integer(2), Quota = (int)row.Integer(3), Frame = (int)row.Integer(4),
        MadeAt = UnixMicros.ToInstant(row.Integer(5)), PlannedAt = UnixMicros.ToInstant(row.Integer(6)),
    };

    private static ReviewItem Item(Statement row) => new()
    {
        Id = row.Text(0), Source = (ReviewSource)row.Integer(1), Tag = row.Text(2), Scope = row.Text(3), CallId = row.TextOrNull(4), Session = row.TextOrNull(5), User = row.TextOrNull(6),
        StartedAt = Instant(row, 7), ExpiresAt = Instant(row, 8), Set = row.TextOrNull(9), SetVersion = (int)row.Integer(10), RowId = row.TextOrNull(11), Run = row.TextOrNull(12),
        Candidate = row.TextOrNull(13), Part = (ReviewPart)row.Integer(14), Why = row.TextOrNull(15), UniformInclusion = row.Real(16), TargetedInclusion = row.Real(17),
        CapturedAt = row.Real(18), Reviewers = (int)row.Integer(19), IsFlipped = row.Integer(20) != 0, Shuffle = row.Integer(21), Verdicts = (int)row.Integer(22), IsWithdrawn = row.Integer(23) != 0,
    };

    private static (ReviewVerdict Verdict, byte[]? Comment) Verdict(Statement row) => (new ReviewVerdict
    {
        Item = row.Text(0), Reviewer = row.Text(1), Revision = (int)row.Integer(2), Choice = (ReviewChoice)row.Integer(3), Good = (ReviewGood?)row.IntegerOrNull(4),
        Rating = (int?)row.IntegerOrNull(5), Score = row.RealOrNull(6), Preference = row.RealOrNull(7), GivenAt = UnixMicros.ToInstant(row.Integer(8)),
        ReplacedAt = Instant(row, 9), BookedAt = Instant(row, 10),
    }, row.IsNull(11) ? null : row.Bytes(11).ToArray());

    private static DateTimeOffset? Instant(Statement row, int column) => row.IntegerOrNull(column) is { } micros ? UnixMicros.ToInstant(micros) : null;
}
