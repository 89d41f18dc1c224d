namespace Rung.Core.Checks.Schema.Running;

/// <summary>A schema that the value which comes next is judged by.</summary>
internal struct Claim
{
    public SchemaNode Node;
    public Evaluation? Parent;
    public Role Role;
    public int Slot;
    /// <summary>Whether it has come out already.</summary>
    public bool IsSettled;
    /// <summary>For a claim that failed, the byte that made it fail.</summary>
    public long FailedAt;
}
