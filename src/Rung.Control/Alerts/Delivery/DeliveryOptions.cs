namespace Rung.Control.Alerts.Delivery;

/// <summary>How messages are sent.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Most messages that wait for one target; one more is dropped, counted and said.</summary>
    public int Waiting { get; init; } = 64;
    /// <summary>Most tries of one message, the first among them.</summary>
    public int Tries { get; init; } = 6;
    /// <summary>Wait before the second try; each further one waits twice as long.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>Longest wait between two tries, unless the target asks for more.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);
    /// <summary>How long a stopping process goes on sending what waits.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(5);
}
