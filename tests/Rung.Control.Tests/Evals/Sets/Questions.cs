using System.Text;
using Rung.Control.Evals.Sets;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Sets;

/// <summary>Made-up rows to draw sets from: different enough from one another, and the same in every run.</summary>
internal static class Questions
{
    private static readonly string[] s_things = ["invoice", "parcel", "refund", "password", "subscription", "warranty", "address", "coupon", "receipt", "delivery", "account", "printer"];
    private static readonly string[] s_verbs = ["cancel", "find", "change", "repair", "explain", "translate", "shorten", "count", "compare", "return"];
    private static readonly string[] s_places = ["paris", "lagos", "lima", "oslo", "kyoto", "quito", "perth", "delhi", "cairo", "turin", "austin", "hanoi"];

    /// <summary>The text of question number i. No two of them are near-duplicates.</summary>
    public static string Text(int i)
    {
        var text = new StringBuilder();
        var state = (uint)(i * 2654435761) ^ 0x9E3779B9;
        for (var word = 0; word < 12 + (i % 23); word++)
        {
            state = (state * 1664525) + 1013904223;
            var list = (word % 3) switch { 0 => s_verbs, 1 => s_things, _ => s_places };
            text.Append(list[(state >> 8) % (uint)list.Length]).Append(word % 5 == 4 ? $" {i}{word} " : " ");
        }
        return text.ToString();
    }

    public static EvalSourceRow Row(int i, string? text = null) => Of(text ?? Text(i), $"call c{i}") with { CallId = $"c{i}", CalledAt = DateTimeOffset.UnixEpoch.AddMinutes(i) };

    public static EvalSourceRow Of(string text, string origin)
    {
        var request = ChatForm.RequestOf(null, text, null, null);
        return new EvalSourceRow { Id = EvalSourceRow.IdOf(request, origin), Request = request, Origin = origin };
    }

    /// <summary>Calls with sessions, outcomes and sampling rates of all kinds.</summary>
    public static EvalSourceRow[] Mixed(int count) => [.. Enumerable.Range(0, count).Select(i => Row(i) with
    {
        Session = i % 3 == 0 ? null : $"s{i / 4}", Outcome = i % 50 == 0 ? "failed a check" : i % 7 == 0 ? "climbed" : "served cheap", Mass = i % 2 == 0 ? 1 : 4,
    })];

    public static EvalPopulation Population(IReadOnlyList<EvalSourceRow> rows) => new() { Rows = rows, Seen = rows.Count };

    public static EvalSample Draw(IReadOnlyList<EvalSourceRow> rows, EvalSampling sampling) => EvalDraw.From(Population(rows), sampling, CancellationToken.None);

    public static EvalRow[] RowsOf(EvalSample sample) => [.. sample.Rows.Select(drawn => drawn.Row)];
}
