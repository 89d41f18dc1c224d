using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>Watches for several checks at once, all of which must pass: the first doom is the doom of all. Checks that cannot watch are left out.</summary>
internal sealed class AllWatch : AnswerWatch
{
    private readonly ImmutableArray<AnswerWatch> watches;
    private AnswerWatch? doomed;

    private AllWatch(ImmutableArray<AnswerWatch> watches) => this.watches = watches;

    public override long? DoomedAt => doomed?.DoomedAt;

    public override string? Detail => doomed?.Detail;

    public override bool HasValidPrefix => doomed is null && watches.All(watch => watch.HasValidPrefix);

    /// <summary>Null when no member watches.</summary>
    public static AnswerWatch? Of(ImmutableArray<Check> members)
    {
        ImmutableArray<AnswerWatch> watches = [.. members.Select(member => member.Watch()).OfType<AnswerWatch>()];
        return watches.IsEmpty ? null : new AllWatch(watches);
    }

    public override bool Append(ReadOnlySpan<byte> text)
    {
        if (doomed is not null) return false;
        foreach (var watch in watches)
        {
            // Every watch sees the piece, and of several dooms in it the earliest counts.
            if (!watch.Append(text) && (doomed is null || watch.DoomedAt < doomed.DoomedAt)) doomed = watch;
        }
        return doomed is null;
    }
}
