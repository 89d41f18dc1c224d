using System.Security.Cryptography;

namespace Rung.Dashboard.Frame;

/// <summary>Keeps what an act says until the page after it has shown it once. Bounded: the oldest go first.</summary>
internal sealed class NoticeBoard
{
    /// <summary>The URL's parameter with a notice's number.</summary>
    public const string Parameter = "notice";

    private const int Most = 200;
    private readonly Lock turns = new();
    private readonly Queue<string> order = new();
    private readonly Dictionary<string, PageNotice> notices = new(StringComparer.Ordinal);

    /// <summary>Keeps a notice and gives the URL that shows it.</summary>
    public string Post(string url, PageNotice notice)
    {
        var number = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        lock (turns)
        {
            notices[number] = notice;
            order.Enqueue(number);
            while (order.Count > Most) notices.Remove(order.Dequeue());
        }
        var anchor = url.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? url[at..] : "";
        var page = url[..(url.Length - anchor.Length)];
        return $"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Parameter}={number}{anchor}";
    }

    /// <summary>Takes a notice off; null when it has been shown.</summary>
    public PageNotice? Take(string? number)
    {
        if (number is null) return null;
        lock (turns) return notices.Remove(number, out var notice) ? notice : null;
    }
}
