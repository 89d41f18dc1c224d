using System.Collections.Concurrent;

namespace Rung.Control.Evals.Scoring;

/// <summary>
/// What is found out once a row, however many candidates need it: the grade of the reference. Whoever asks first pays; the others wait. What ended badly is
/// asked again by the next one.
/// </summary>
internal sealed class OncePerRow<T>
{
    private readonly ConcurrentDictionary<string, Lazy<Task<T>>> known = new(StringComparer.Ordinal);

    /// <summary>Keeps what was found out earlier: then nobody asks.</summary>
    public void Keep(string rowId, T value) => known.TryAdd(rowId, new Lazy<Task<T>>(Task.FromResult(value)));

    /// <summary>Finds it out, unless somebody has.</summary>
    /// <returns>What it is, and whether this caller found it out.</returns>
    public async Task<(T Value, bool IsMine)> AskAsync(string rowId, Func<Task<T>> find, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var mine = new Lazy<Task<T>>(find);
            var asked = known.GetOrAdd(rowId, mine);
            try
            {
                return (await asked.Value, ReferenceEquals(asked, mine));
            }
            catch
            {
                known.TryRemove(new KeyValuePair<string, Lazy<Task<T>>>(rowId, asked));
                if (ReferenceEquals(asked, mine)) throw; // Somebody else's failure is not this caller's: it tries itself.
            }
        }
    }

    /// <summary>Forgets it, so that the next one asks again.</summary>
    public void Forget(string rowId) => known.TryRemove(rowId, out _);
}
