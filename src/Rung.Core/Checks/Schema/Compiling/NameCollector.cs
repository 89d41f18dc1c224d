namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>Collects what a schema says of names, and gives a number to each whose presence matters.</summary>
internal sealed class NameCollector
{
    private readonly OrderedDictionary<string, KnownName> names = new(StringComparer.Ordinal);
    private int watched;

    public bool IsEmpty => names.Count == 0;

    public void Property(string name, SchemaNode node) => names[name] = new KnownName(name) { Property = node };

    public void Watch(string name)
    {
        var known = names.GetValueOrDefault(name) ?? new KnownName(name);
        if (known.Index < 0) names[name] = known with { Index = watched++ };
    }

    public int Index(string name) => names[name].Index;

    public KnownName Known(string name) => names[name];

    public NameTable Table() => new([.. names.Values]);
}
