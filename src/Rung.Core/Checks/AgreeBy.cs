namespace Rung.Core.Checks;

/// <summary>What of two answers must be equal for them to agree.</summary>
public enum AgreeBy : byte
{
    /// <summary><c>text</c>: the text, without regard to case, white space, surrounding quotes and a final full stop.</summary>
    Text = 0,
    /// <summary><c>number</c>: the number that the answer ends in, by value.</summary>
    Number = 1,
    /// <summary><c>json</c>: the JSON value, numbers by value, members in any order.</summary>
    Json = 2,
    /// <summary><c>tool_calls</c>: names and arguments of the tool calls, in any order.</summary>
    ToolCalls = 3,
}
