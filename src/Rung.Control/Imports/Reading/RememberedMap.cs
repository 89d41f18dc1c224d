namespace Rung.Control.Imports.Reading;

/// <summary>A dictionary that forgets its oldest entries beyond a number. One thread.</summary>
internal sealed class RememberedMap<T>(int most) where T : class
{
    private readonly Dictionary<string, T> entries = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    /// <summary>What is remembered under a key; null when nothing is.</summary>
    public T? Get(string key) => entries.GetValueOrDefault(key);

    /// <summary>Remembers; an older value of the same key is replaced.</summary>
    public void Put(string key, T value)
    {
        if (!entries.ContainsKey(key)) order.Enqueue(key);
        entries[key] = value;
        while (order.Count > most) entries.Remove(order.Dequeue());
    }
}
