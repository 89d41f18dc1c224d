using Rung.Control.Audit.Running;

namespace Rung.Dashboard.Audit;

/// <summary>Stages of an audit as pages write them.</summary>
internal static class AuditTones
{
    public static string Of(AuditStage stage) => stage switch { AuditStage.Done => "good", AuditStage.Failed => "bad", AuditStage.Stopped => "warn", _ => "none" };

    public static string Word(AuditStage stage) => stage switch
    {
        AuditStage.Receiving => "receiving", AuditStage.Reading => "reading", AuditStage.Keeping => "writing to the ledger", AuditStage.Done => "done", AuditStage.Failed => "failed", _ => "stopped",
    };
}
