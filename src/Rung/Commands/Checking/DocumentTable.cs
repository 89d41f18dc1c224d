using Rung.Commands.Policy;

namespace Rung.Commands.Checking;

/// <summary>Violations as lines that compilers write and editors read, and a summary in sentences.</summary>
internal static class DocumentTable
{
    /// <summary>Writes one invalid document, one line a violation.</summary>
    public static void Write(TextWriter output, string data, InvalidDocument document)
    {
        foreach (var violation in document.Violations)
        {
            // Without JSON there is no place to speak of: the message is a whole sentence.
            var what = document.IsNoJson ? violation.Message : $"{(violation.InstancePath.Length == 0 ? "the document" : violation.InstancePath)} {violation.Message} ({violation.SchemaPath})";
            var early = document.BytesNotNeeded > 0 && violation.DoomedAt is { } at && ReferenceEquals(violation, document.Violations[0]) ? $" [hopeless from byte {at:N0} of {violation.Bytes:N0}]" : "";
            output.WriteLine(Lines.Clean($"{data}:{violation.Line}: {what}{early}"));
        }
    }

    /// <summary>Writes what it comes to.</summary>
    public static void WriteSummary(TextWriter output, DocumentReport report)
    {
        if (report.InvalidNotShown > 0) Lines.Write(output, "", $"… and {report.InvalidNotShown:N0} more invalid documents.");
        var notJson = report.NotJson > 0 ? $" ({report.NotJson:N0} of them no JSON)" : "";
        Lines.Write(output, "", $"{report.Documents:N0} {(report.Documents == 1 ? "document" : "documents")}: {report.Valid:N0} valid, {report.Invalid:N0} invalid{notJson}.");
        if (report.Doomed.Documents == 0) return;
        Lines.Write(output, "", $"{report.Doomed.Documents:N0} of the invalid could be given up before their end: {report.Doomed.BytesNotNeeded:N0} bytes not needed "
            + $"(about {report.Doomed.TokensNotNeededEstimate:N0} tokens, at 4 bytes a token).");
    }
}
