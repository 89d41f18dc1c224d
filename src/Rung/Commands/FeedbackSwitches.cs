using Rung.Control.Feedback;
using Rung.Serving;

namespace Rung.Commands;

/// <summary>What <c>rung serve</c> is told about feedback, on its command line and in the environment.</summary>
/// <param name="Origins">Origins of pages; null: those of the environment.</param>
/// <param name="KeepCommentsDays">Days that comments are kept without capture; null: not at all.</param>
internal sealed record FeedbackSwitches(string? Origins, int? KeepCommentsDays)
{
    private const int MostDays = 3650;

    /// <summary>Reads them; false, with the reason told, when they cannot be used.</summary>
    public bool TryRead(TextWriter error, out FeedbackReceiverOptions options)
    {
        options = new FeedbackReceiverOptions();
        if (KeepCommentsDays is not (null or >= 1 and <= MostDays))
        {
            Output.Fail(error, $"--keep-comments {KeepCommentsDays} is out of range.", $"Give 1 to {MostDays} days, or leave it out: then comments are kept where calls are captured.");
            return false;
        }
        try
        {
            options = new FeedbackReceiverOptions
            {
                Origins = FeedbackReceiverOptions.ReadOrigins(Origins ?? Environment.GetEnvironmentVariable(FeedbackReceiverOptions.OriginsVariable)),
                Tokens = FeedbackTokens.Read(Environment.GetEnvironmentVariable(FeedbackTokens.Variable)),
                KeepComments = KeepCommentsDays is { } days ? TimeSpan.FromDays(days) : null,
            };
            return true;
        }
        catch (FormatException e)
        {
            Output.Fail(error, e.Message);
            return false;
        }
    }
}
