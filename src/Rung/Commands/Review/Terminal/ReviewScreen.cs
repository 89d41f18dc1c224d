using Rung.Control.Reviews;
using Rung.Storage.Content;
using Spectre.Console;

namespace Rung.Commands.Review.Terminal;

/// <summary>Lays a case out on a terminal: request, answers side by side or one above the other, keys. Never whose answer it is, nor why it was drawn.</summary>
internal static class ReviewScreen
{
    /// <summary>Widest layout, in cells.</summary>
    public const int MostWidth = 100;

    private const int LeastWidth = 40;
    private const int LeastHeight = 12;
    private const int Frame = 6; // Title, rule, rule, comment or place, message, keys.
    private const string Between = " │ ";
    private const string HomeAndErase = "\u001b[H\u001b[2J";

    /// <summary>Lays out for a screen of so many cells and rows.</summary>
    public static ReviewPage Render(ReviewView view, int width, int height)
    {
        width = Math.Clamp(width, LeastWidth, MostWidth);
        var room = Math.Max(LeastHeight, height) - Frame;
        var isStacked = false;
        var body = view.Step == ReviewStep.Help ? Help(view.Shown.IsPair) : Body(view, width, room, out isStacked);
        var lastTop = Math.Max(0, body.Count - room);
        var top = Math.Clamp(view.Top, 0, lastTop);

        var lines = new List<ScreenLine>(height)
        {
            new(TextLayout.Cut(Title(view), width), LineLook.Heading),
            new(new string('─', width), LineLook.Quiet),
        };
        for (var i = 0; i < room; i++) lines.Add(top + i < body.Count ? body[top + i] : new ScreenLine(""));
        lines.Add(new ScreenLine(Rule(width, top, room, body.Count), LineLook.Quiet));
        lines.Add(new ScreenLine(TextLayout.Cut(CommentLine(view), width)));
        lines.Add(new ScreenLine(TextLayout.Cut(SafeText.Line(view.Message), width), LineLook.Quiet));
        lines.Add(new ScreenLine(TextLayout.Cut(Keys(view), width), LineLook.Ask));
        return new ReviewPage(lines, lastTop, room, isStacked);
    }

    /// <summary>After the last item.</summary>
    public static IReadOnlyList<ScreenLine> End(bool wasSkipped) =>
    [
        new("Nothing is left for you.", LineLook.Heading), new(""), new($"u {(wasSkipped ? "brings back the last item" : "takes back the last verdict")}   q or Enter ends", LineLook.Ask),
    ];

    /// <summary>Puts a screen onto a terminal.</summary>
    public static void Show(IAnsiConsole console, IReadOnlyList<ScreenLine> lines)
    {
        // Not Clear(): that also empties the scrollback of the person's terminal.
        if (console.Profile.Capabilities.Ansi) console.Write(new ControlCode(HomeAndErase));
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0) console.WriteLine();
            console.Write(new Text(lines[i].Text, StyleOf(lines[i].Look)));
        }
        if (!console.Profile.Capabilities.Ansi) console.WriteLine();
    }

    private static Style StyleOf(LineLook look) => look switch
    {
        LineLook.Heading => new Style(decoration: Decoration.Bold),
        LineLook.Quiet => new Style(Color.Grey),
        LineLook.Ask => new Style(Color.Green),
        _ => Style.Plain,
    };

    private static string Title(ReviewView view)
    {
        var item = view.Shown.Item;
        var progress = view.Progress is { } known ? $"{known.Judged:N0} of {known.Items:N0} judged (quota {known.Plan.Quota:N0})" : "";
        return SafeText.Line($"{item.Tag} · {item.Scope} · {progress} · you are {view.Reviewer}{(item.Reviewers > 1 ? " · two reviewers" : "")}");
    }

    private static List<ScreenLine> Body(ReviewView view, int width, int room, out bool isStacked)
    {
        isStacked = false;
        var lines = new List<ScreenLine>();
        Request(lines, view, width);
        lines.Add(new ScreenLine(""));
        var (left, right) = (SafeText.Of(view.Shown.Left.Text), view.Shown.Right is { } other ? SafeText.Of(other.Text) : null);
        if (right is null)
        {
            lines.Add(new ScreenLine("ANSWER", LineLook.Heading));
            lines.AddRange(TextLayout.Wrap(left, width).Select(line => new ScreenLine(line)));
            return lines;
        }
        var half = (width - Between.Length) / 2;
        var (leftLines, rightLines) = (TextLayout.Wrap(left, half), TextLayout.Wrap(right, half));
        // Beyond two screens the eye loses the other side: then one after the other, in full width.
        isStacked = view.IsStacked ?? Math.Max(leftLines.Count, rightLines.Count) > 2 * room;
        if (isStacked) Stacked(lines, left, right, width);
        else SideBySide(lines, leftLines, rightLines, half);
        return lines;
    }

    private static void Request(List<ScreenLine> lines, ReviewView view, int width)
    {
        var conversation = view.Shown.Conversation;
        var last = conversation.LastOrDefault(message => message.Role == "user") ?? (conversation.Count > 0 ? conversation[^1] : null);
        if (view.IsWhole)
        {
            foreach (var message in conversation)
            {
                lines.Add(new ScreenLine(TextLayout.Cut(SafeText.Line(message.Role).ToUpperInvariant(), width), LineLook.Heading));
                lines.AddRange(TextLayout.Wrap(SafeText.Of(message.Text), width).Select(line => new ScreenLine(line)));
            }
            return;
        }
        var more = conversation.Count - 1;
        lines.Add(new ScreenLine(more > 0 ? $"REQUEST, its last message ({more:N0} more: w)" : "REQUEST", LineLook.Heading));
        lines.AddRange(TextLayout.Wrap(last is null ? "[no message]" : SafeText.Of(last.Text), width).Select(line => new ScreenLine(line)));
    }

    private static void Stacked(List<ScreenLine> lines, string left, string right, int width)
    {
        lines.Add(new ScreenLine("1 LEFT", LineLook.Heading));
        lines.AddRange(TextLayout.Wrap(left, width).Select(line => new ScreenLine(line)));
        lines.Add(new ScreenLine(""));
        lines.Add(new ScreenLine("2 RIGHT", LineLook.Heading));
        lines.AddRange(TextLayout.Wrap(right, width).Select(line => new ScreenLine(line)));
    }

    private static void SideBySide(List<ScreenLine> lines, IReadOnlyList<string> left, IReadOnlyList<string> right, int half)
    {
        lines.Add(new ScreenLine(TextLayout.Fill("1 LEFT", half) + Between + "2 RIGHT", LineLook.Heading));
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
            lines.Add(new ScreenLine((TextLayout.Fill(i < left.Count ? left[i] : "", half) + Between + (i < right.Count ? right[i] : "")).TrimEnd()));
    }

    private static string Rule(int width, int top, int room, int count)
    {
        if (count <= room) return new string('─', width);
        var place = $" lines {top + 1:N0} to {Math.Min(count, top + room):N0} of {count:N0} (↑ ↓ PgUp PgDn) ";
        return place.Length >= width ? new string('─', width) : new string('─', width - place.Length) + place;
    }

    private static string CommentLine(ReviewView view) => view.Step == ReviewStep.Comment
        ? $"comment: {Tail(SafeText.Line(view.Comment))}▏"
        : view.Comment.Length > 0 ? $"comment: {SafeText.Line(view.Comment)}" : "";

    // While writing, the end is what one looks at.
    private static string Tail(string text) => text.Length <= 80 ? text : "…" + text[^79..];

    private static string Keys(ReviewView view) => view.Step switch
    {
        ReviewStep.Comment => "Enter keeps the comment · Esc drops it",
        ReviewStep.Help => "any key goes back",
        ReviewStep.Rating => "Rating?  1 very bad to 5 very good; 3 and more are good enough   Esc back",
        ReviewStep.Good when view.Choice == ReviewChoice.Tie => "No difference. Good enough?  g both   b neither   Esc back",
        ReviewStep.Good => $"The {(view.Choice == ReviewChoice.Left ? "left" : "right")} one. Good enough?  g both   o only the better one   b neither   Esc back",
        _ when view.Shown.IsPair => "1 left  2 right  = tie  g both good  b both bad  n unsure  s skip  c comment  u undo  ? help  q quit",
        _ => "g good  b bad  n unsure  r rating  s skip  c comment  u undo  w whole  ? help  q quit",
    };

    private static List<ScreenLine> Help(bool isPair)
    {
        string[] verdict = isPair
            ?
            [
                "1        the left answer is the better one     then: g both are good enough,",
                "2        the right answer is the better one          o only the better one, b neither",
                "=        no difference",
                "g        no difference, both good",
                "b        no difference, both bad",
            ]
            :
            [
                "g        good enough: it could be served as it is",
                "b        not good enough",
                "r        the same with a rating: then 1 to 5; 3 and more are good",
            ];
        string[] rest =
        [
            "n        not sure: it cannot be told",
            "s        skip: you are not shown it again",
            "c        a comment, kept with your next verdict",
            "u        take back your last verdict",
            "",
            "w        the whole conversation, or the last message of the user",
            "v        answers side by side, or one above the other",
            "↑ ↓      a line; also k and j",
            "PgUp PgDn, blank, Home, End",
            "",
            "q        quit; so do Esc and Ctrl-C. Every verdict is stored when it is given.",
            "",
            "Whose answer it is, is not shown: sides are chosen by chance.",
        ];
        return [new ScreenLine("KEYS", LineLook.Heading), .. verdict.Concat(rest).Select(line => new ScreenLine(line))];
    }
}
