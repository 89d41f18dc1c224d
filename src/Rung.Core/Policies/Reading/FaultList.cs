using System.Collections.Immutable;

namespace Rung.Core.Policies.Reading;

/// <summary>Collects every fault of one policy, so that its author sees all of them at once.</summary>
internal sealed class FaultList(string file)
{
    // A broken file can have a fault on every line; nobody reads more than these.
    private const int Most = 200;
    private readonly List<PolicyFault> faults = [];

    public bool IsEmpty => faults.Count == 0;

    /// <summary>Whether further faults are dropped: then nothing costly need be done to word them.</summary>
    public bool IsFull => faults.Count >= Most;

    public void Add(Place place, string path, string message, string fix)
    {
        if (!IsFull) faults.Add(new PolicyFault(file, place.Line, place.Column, path, message, fix));
    }

    /// <summary>Whether a path, or something in it, has a fault already.</summary>
    public bool HasAt(string path) => faults.Exists(fault => fault.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>The faults in order of place.</summary>
    public ImmutableArray<PolicyFault> InOrder() =>
        [.. faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column).ThenBy(fault => fault.Path, StringComparer.Ordinal)];
}
