namespace Rung.Demo;

/// <summary>How a simulated answer goes wrong: in form only, so that a check can see it. What an answer says is not simulated.</summary>
internal enum SimulatedFault
{
    /// <summary>JSON that breaks off.</summary>
    BrokenJson,
    /// <summary>JSON whose first field has another name.</summary>
    WrongField,
    /// <summary>A sentence where one of a few words was asked for.</summary>
    NotAllowed,
    /// <summary>The answer, wrapped in courtesy.</summary>
    TooTalkative,
    /// <summary>Words about the task in place of its result.</summary>
    Evasive,
    /// <summary>Goes on until the token cap cuts it.</summary>
    RunsOn,
    /// <summary>A placeholder that nobody filled in.</summary>
    Placeholder,
    /// <summary>A mail address that should have been taken out.</summary>
    LeavesMail,
}

/// <summary>Turns a good answer into a bad one.</summary>
internal static class SimulatedFaults
{
    private const string Evasion =
        "I have looked at what you asked for and everything seems to be in order. Let me know if you would like me to go into more detail on any of the points.";

    /// <summary>The bad answer.</summary>
    /// <param name="fault">What is wrong with it.</param>
    /// <param name="answer">The good one.</param>
    /// <param name="prompt">What was asked.</param>
    /// <param name="cap">Token cap of the request.</param>
    public static string Apply(SimulatedFault fault, string answer, string prompt, int cap) => fault switch
    {
        SimulatedFault.BrokenJson => answer[..(answer.Length * 3 / 5)],
        SimulatedFault.WrongField => $"{{\"result{answer[answer.IndexOf("\":", StringComparison.Ordinal)..]}",
        SimulatedFault.NotAllowed => $"I would say {answer}, maybe.",
        SimulatedFault.TooTalkative => $"Sure! Here is a query that a search engine should understand well, written the way you asked for it: {answer}. "
            + "Would you like me to try a few other ways to put it as well?",
        SimulatedFault.Evasive => Evasion,
        SimulatedFault.RunsOn => string.Concat(Enumerable.Repeat(answer + "\n", cap * SimulatedReply.CharactersPerToken / (answer.Length + 1) + 1)),
        SimulatedFault.Placeholder => answer.Replace("Hello,", "Hello [CUSTOMER NAME],", StringComparison.Ordinal),
        SimulatedFault.LeavesMail => answer.Replace("<mail>", DemoText.Field(prompt, "From: "), StringComparison.Ordinal),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No such fault."),
    };
}
