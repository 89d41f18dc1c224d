namespace Rung.Core.Checks.Schema;

/// <summary>One place where an answer does not follow a schema.</summary>
/// <param name="InstancePath">Where in the answer, as a JSON pointer; empty for the whole. Cut when it is long.</param>
/// <param name="SchemaPath">The keyword that says so: <c>#/properties/intent/enum</c>.</param>
/// <param name="Message">What is wrong, in words that fit behind the place: <c>must be a string but is 12</c>.</param>
/// <param name="AnswerLength">How many characters of path and message come from the answer.</param>
/// <param name="Depth">Steps from the root of the answer to the place.</param>
internal sealed record SchemaError(string InstancePath, string SchemaPath, string Message, int AnswerLength, int Depth)
{
    /// <summary>Longest instance path in a sentence: leaves room for one excerpt of a value.</summary>
    public const int LongestPlace = 30;

    public override string ToString() => $"{Place} {Message} ({SchemaPath}).";

    /// <summary>The place as the subject of a sentence.</summary>
    public string Place => InstancePath.Length == 0 ? "The answer" : InstancePath;
}
