using System.Runtime.InteropServices;
using Rung.Core.Measurement;

namespace Rung.Core.Steering;

/// <summary>Another name than before that an upstream reports for a model.</summary>
/// <param name="Model">The policy's name of the model.</param>
/// <param name="Before">The name that was reported most until then.</param>
/// <param name="Now">The new one.</param>
/// <param name="Since">The first call that reported it.</param>
/// <param name="Calls">Calls that did.</param>
public sealed record VersionChange(string Model, string Before, string Now, DateTimeOffset Since, long Calls);

/// <summary>
/// Watches which model name each upstream reports. Names of the first 20 calls of a model are known; another one that three calls report is a change, and is known after
/// seven days. At most 200 models, and 50 names of each, are remembered.
/// </summary>
public sealed class VersionWatch
{
    /// <summary>Calls of a model whose names are known.</summary>
    public const int Learned = 20;

    /// <summary>Calls that must report a new name.</summary>
    public const int Confirmed = 3;

    private const int MostModels = 200, MostNames = 50;

    private readonly Dictionary<string, Seen> _models = new(StringComparer.Ordinal);

    /// <summary>Whether any model has changed. Cheap: for every step.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Adds a call.</summary>
    public void Add(in ObservedCall call)
    {
        if (call.Model is not { } model || call.UpstreamModel is not { } name) return;
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_models, model, out var known);
        if (!known)
        {
            if (_models.Count > MostModels)
            {
                _models.Remove(model);
                return;
            }
            seen = new Seen();
        }
        seen!.Calls++;
        if (seen.Last is { } last && last.Text == name)
        {
            Count(last);
            return;
        }
        var entry = seen.Find(name);
        if (entry is null)
        {
            if (seen.Names.Count >= MostNames) return;
            entry = new Name(name, call.At) { IsKnown = seen.Calls <= Learned };
            seen.Names.Add(entry);
        }
        seen.Last = entry;
        Count(entry);
    }

    /// <summary>Makes known what is seven days old.</summary>
    public void Settle(DateTimeOffset now)
    {
        if (!IsChanged) return;
        IsChanged = false;
        foreach (var seen in _models.Values)
        {
            foreach (var name in seen.Names)
            {
                if (name.IsKnown || name.Calls < Confirmed) continue;
                if (now - name.Since >= RateWatch.Accepted) name.IsKnown = true;
                else IsChanged = true;
            }
        }
    }

    /// <summary>The changes of the last seven days.</summary>
    public IEnumerable<VersionChange> Changes() =>
        from pair in _models
        from name in pair.Value.Names
        where !name.IsKnown && name.Calls >= Confirmed
        let before = pair.Value.Names.Where(one => one.IsKnown).MaxBy(one => one.Calls)
        where before is not null
        select new VersionChange(pair.Key, before.Text, name.Text, name.Since, name.Calls);

    private void Count(Name name)
    {
        name.Calls++;
        if (!name.IsKnown && name.Calls == Confirmed) IsChanged = true;
    }

    private sealed class Seen
    {
        public long Calls { get; set; }
        public Name? Last { get; set; }
        public List<Name> Names { get; } = [];

        // A closure over the name would be allocated at every call.
        public Name? Find(string text)
        {
            foreach (var name in Names)
            {
                if (name.Text == text) return name;
            }
            return null;
        }
    }

    private sealed class Name(string text, DateTimeOffset since)
    {
        public string Text { get; } = text;
        public DateTimeOffset Since { get; } = since;
        public bool IsKnown { get; set; }
        public long Calls { get; set; }
    }
}
