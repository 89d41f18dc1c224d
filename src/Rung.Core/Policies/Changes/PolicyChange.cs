namespace Rung.Core.Policies.Changes;

/// <summary>What kind of change it is.</summary>
public enum ChangeKind : byte
{
    /// <summary>Something is new.</summary>
    Added = 0,
    /// <summary>Something is gone.</summary>
    Removed = 1,
    /// <summary>Something has another value.</summary>
    Changed = 2,
}

/// <summary>One difference between two policies, in the words of the policy.</summary>
/// <param name="Kind">What kind of change it is.</param>
/// <param name="Path">Path in the document: <c>tags.classify-intent.tier</c>.</param>
/// <param name="Sentence">The change for people: <c>classify-intent: mid → small</c>.</param>
public sealed record PolicyChange(ChangeKind Kind, string Path, string Sentence);
