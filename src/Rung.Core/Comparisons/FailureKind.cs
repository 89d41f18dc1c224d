namespace Rung.Core.Comparisons;

/// <summary>Names of kinds of failures, for grouping in reports.</summary>
public static class FailureKind
{
    /// <summary>Another value than the reference's.</summary>
    public const string WrongValue = "wrong value";
    /// <summary>The answer is empty.</summary>
    public const string Empty = "empty";
    /// <summary>The model refused.</summary>
    public const string Refused = "refused";
    /// <summary>A content filter cut it.</summary>
    public const string Filtered = "filtered";
    /// <summary>It ended at its token cap.</summary>
    public const string Truncated = "truncated";
    /// <summary>It holds no number.</summary>
    public const string NoNumber = "no number";
    /// <summary>It is no JSON.</summary>
    public const string NotJson = "not JSON";
    /// <summary>It does not follow the schema.</summary>
    public const string AgainstSchema = "against schema";
    /// <summary>The pattern does not match.</summary>
    public const string NoMatch = "no match";
    /// <summary>Some fields differ.</summary>
    public const string WrongFields = "wrong fields";
    /// <summary>Items are missing.</summary>
    public const string MissingItems = "missing items";
    /// <summary>Items too many.</summary>
    public const string ExtraItems = "extra items";
    /// <summary>Items are missing, and others too many.</summary>
    public const string WrongItems = "wrong items";
    /// <summary>The same items in another order.</summary>
    public const string WrongOrder = "wrong order";
    /// <summary>No tool is called where one should be.</summary>
    public const string NoToolCall = "no tool call";
    /// <summary>A tool is called where none should be.</summary>
    public const string ExtraToolCall = "extra tool call";
    /// <summary>Other tools are called.</summary>
    public const string WrongTool = "wrong tool";
    /// <summary>The right tools with other arguments.</summary>
    public const string WrongArguments = "wrong arguments";
    /// <summary>A program does not accept it.</summary>
    public const string CommandFailed = "command failed";
    /// <summary>A check or a verifier does not pass.</summary>
    public const string CheckFailed = "check failed";
    /// <summary>A judge finds it below full marks.</summary>
    public const string BelowFull = "below full marks";
    /// <summary>A judge prefers the reference.</summary>
    public const string Worse = "worse";
    /// <summary>Not graded: no whole answer came.</summary>
    public const string NoAnswer = "no answer";
    /// <summary>Not graded: the row has no reference.</summary>
    public const string NoReference = "no reference";
    /// <summary>Not graded: the reference is not of the form that is compared.</summary>
    public const string BadReference = "bad reference";
    /// <summary>Not graded: the judge gave no verdict of the asked form.</summary>
    public const string MalformedVerdict = "malformed verdict";
    /// <summary>Not graded: the judge may not see the row, or could not be asked.</summary>
    public const string NoVerdict = "no verdict";
}
