using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rung.Core.Alerts;

namespace Rung.Control.Alerts.Delivery;

/// <summary>What one target is sent at once: the changes of one step that concern it.</summary>
public sealed record AlertMessage
{
    /// <summary>Its id: the same for every try of one message, so that a receiver can drop a repetition. 32 hexadecimal digits.</summary>
    public required string Id { get; init; }
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The changes; at least one.</summary>
    public required ImmutableArray<AlertTransition> Transitions { get; init; }
    /// <summary>Where the alerts can be seen; null: not known.</summary>
    public Uri? Link { get; init; }
    /// <summary>Whether it is only a test: it says so everywhere.</summary>
    public bool IsTest { get; init; }

    /// <summary>Makes a message.</summary>
    /// <param name="target">Name of the target it is for.</param>
    /// <param name="transitions">The changes.</param>
    /// <param name="at">When.</param>
    /// <param name="link">Where the alerts can be seen.</param>
    public static AlertMessage Of(string target, ImmutableArray<AlertTransition> transitions, DateTimeOffset at, Uri? link)
    {
        var sign = string.Join('\n', transitions.Select(transition => $"{(int)transition.Change} {transition.Alert.Key}"));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{target}\n{at.UtcTicks}\n{sign}")));
        return new AlertMessage { Id = Convert.ToHexStringLower(hash.AsSpan(0, 16)), At = at, Transitions = transitions, Link = link };
    }

    /// <summary>A message that only tries the way to a target.</summary>
    public static AlertMessage Test(string target, DateTimeOffset at, Uri? link)
    {
        var alert = new Alert
        {
            Key = $"test:{target}", Kind = AlertKind.Control, Severity = AlertSeverity.Info, Summary = $"This is a test of the alert target {target}: nothing happened",
            Next = "rung alerts", Since = at, State = AlertState.Firing, PendingAt = at, FiringAt = at, SeenAt = at,
        };
        return Of(target, [new AlertTransition(AlertChange.Fired, alert, at, IsTold: true)], at, link) with { IsTest = true };
    }

    /// <summary>What a group of it is about. A test is about nothing that happened, whatever kind its alert has.</summary>
    public string TitleOf(AlertGroup group) => IsTest ? "a test" : group.Title;

    /// <summary>The whole message in one line: <c>Rung: 2 firing, 1 over</c>.</summary>
    public string Headline
    {
        get
        {
            var over = Transitions.Count(transition => !transition.Alert.IsOpen);
            var firing = Transitions.Length - over;
            var counts = (firing, over) switch { (_, 0) => $"{firing} firing", (0, _) => $"{over} over", _ => $"{firing} firing, {over} over" };
            return IsTest ? "Rung: a test, nothing happened" : $"Rung: {counts}";
        }
    }
}
