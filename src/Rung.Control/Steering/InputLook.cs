using System.Collections.Immutable;
using Rung.Core.Statistics;
using Rung.Core.Steering;

namespace Rung.Control.Steering;

/// <summary>The inputs that proved a tag's tier.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Profile">What they look like.</param>
/// <param name="Name">What they are, for words: <c>eval set intent-200</c>.</param>
public sealed record ProvedInputs(string Tag, InputProfile Profile, string Name);

/// <summary>Compares, once a day, the inputs that were captured since the day before with those that proved each tag's tier.</summary>
/// <param name="proved">The tags with evidence that holds a profile, under the policy in force.</param>
/// <param name="profile">What the inputs of a tag look like that were captured in [from, to); null when none were.</param>
public sealed class InputLook(
    Func<CancellationToken, Task<ImmutableArray<ProvedInputs>>> proved, Func<string, DateTimeOffset, DateTimeOffset, CancellationToken, Task<InputProfile?>> profile)
{
    private static readonly TimeSpan s_window = TimeSpan.FromDays(1);

    private readonly Dictionary<string, (InputProfile Reference, InputWatch Watch)> _watches = new(StringComparer.Ordinal);
    private DateTimeOffset _looked; // End of the last window.

    /// <summary>Looks when a day is over; the first time at the two days before.</summary>
    internal async Task StepAsync(SteeringControl steering, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_looked == default) _looked = now - (2 * s_window);
        for (; now - _looked >= s_window; _looked += s_window)
        {
            var tags = await proved(cancellationToken);
            foreach (var gone in _watches.Keys.Except(tags.Select(tag => tag.Tag), StringComparer.Ordinal).ToList()) _watches.Remove(gone);
            foreach (var tag in tags)
            {
                if (!_watches.TryGetValue(tag.Tag, out var known) || known.Watch.ReferenceName != tag.Name || known.Reference.Count != tag.Profile.Count)
                    _watches[tag.Tag] = known = (tag.Profile, new InputWatch(tag.Profile, tag.Name));
                if (await profile(tag.Tag, _looked, _looked + s_window, cancellationToken) is { } recent) known.Watch.Compare(recent, _looked);
                steering.WatchInputs(tag.Tag, known.Watch);
            }
        }
    }
}
