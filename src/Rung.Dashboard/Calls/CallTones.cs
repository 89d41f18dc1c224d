using Rung.Core.Spans;

namespace Rung.Dashboard.Calls;

/// <summary>Tones of how calls and attempts end. The words beside them say the same.</summary>
internal static class CallTones
{
    public static string Of(CallStatus status) => status switch
    {
        CallStatus.Answered => "good", CallStatus.AnsweredUnverified => "warn", CallStatus.Failed or CallStatus.CutShort => "bad", _ => "none",
    };

    public static string Of(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Completed => "good", AttemptOutcome.CheckFailed or AttemptOutcome.Doomed => "warn", AttemptOutcome.ClientGone => "none", _ => "bad",
    };
}
