namespace Rung.Control.Feedback;

/// <summary>How much feedback may hold. Beyond, it is refused with the limit named.</summary>
public static class FeedbackLimits
{
    /// <summary>Items in one body.</summary>
    public const int Items = 100;
    /// <summary>Characters of a comment.</summary>
    public const int Comment = 4_000;
    /// <summary>Characters of a text of an override.</summary>
    public const int Text = 100_000;
    /// <summary>Characters of an idempotency key and of <c>by</c>.</summary>
    public const int Key = 128;
    /// <summary>Characters of a session: what is longer is cut there, as the gateway cuts it in calls.</summary>
    public const int Session = 128;
    /// <summary>Characters of a name.</summary>
    public const int Name = 64;
    /// <summary>Turns of a conversation.</summary>
    public const int Turns = 100_000;
    /// <summary>How far in the future a time may lie: clocks differ.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
}
