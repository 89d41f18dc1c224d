using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>Watches for several checks one of which must pass: doomed when the last of them is. Needs every one to watch, else there is always hope.</summary>
internal sealed class AnyWatch : AnswerWatch
{
    private readonly ImmutableArray<AnswerWatch> watches;

    private AnyWatch(ImmutableArray<AnswerWatch> watches) => this.watches = watches;

    public override long? DoomedAt => IsDoomed ? watches.Max(watch => watch.DoomedAt) : null;

    public override string? Detail => IsDoomed ? watches[0].Detail : null;

    public override bool HasValidPrefix => watches.Any(watch => watch.DoomedAt is null && watch.HasValidPrefix);

    private bool IsDoomed => watches.All(watch => watch.DoomedAt is not null);

    /// <summary>Null when a member does not watch.</summary>
    public static AnswerWatch? Of(ImmutableArray<Check> members)
    {
        var watches = ImmutableArray.CreateBuilder<AnswerWatch>(members.Length);
        foreach (var member in members)
        {
            if (member.Watch() is not { } watch) return null;
            watches.Add(watch);
        }
        return new AnyWatch(watches.ToImmutable());
    }

    public override bool Append(ReadOnlySpan<byte> text)
    {
        var hope = false;
        foreach (var watch in watches) hope |= watch.Append(text);
        return hope;
    }
}
