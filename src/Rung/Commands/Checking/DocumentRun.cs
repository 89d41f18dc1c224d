using System.Buffers;
using Rung.Core.Checks.Schema;
using Rung.Recorded;

namespace Rung.Commands.Checking;

/// <summary>Judges one document a line, in memory of one line.</summary>
internal sealed class DocumentRun(JsonSchema schema, CheckProgressLine progress)
{
    /// <summary>Invalid documents that are shown in detail; the rest is counted.</summary>
    public const int MaxShown = 100;
    /// <summary>Bytes of a token, for the estimate: English text and JSON in the tokenisers of today.</summary>
    private const int BytesPerToken = 4;

    /// <summary>Judges every line that is not blank.</summary>
    /// <param name="name">Name of the schema, for the report.</param>
    /// <param name="lines">The documents.</param>
    /// <param name="show">Gets the first <see cref="MaxShown"/> invalid documents as they are found; null for none.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<DocumentReport> JudgeAsync(string name, Stream lines, Action<InvalidDocument>? show, CancellationToken cancellationToken)
    {
        var violations = new List<DocumentViolation>();
        long documents = 0, invalid = 0, notJson = 0, doomed = 0, notNeeded = 0;
        await foreach (var line in JsonLines.ReadAsync(lines, cancellationToken))
        {
            documents++;
            if (Judge(line) is { } document)
            {
                invalid++;
                if (document.IsNoJson) notJson++;
                if (document.BytesNotNeeded > 0)
                {
                    doomed++;
                    notNeeded += document.BytesNotNeeded;
                }
                if (invalid <= MaxShown)
                {
                    violations.AddRange(document.Violations);
                    show?.Invoke(document);
                }
            }
            progress.Report(documents, invalid);
        }
        return new DocumentReport
        {
            Schema = name,
            Documents = documents,
            Valid = documents - invalid,
            Invalid = invalid,
            NotJson = notJson,
            Doomed = new DoomedSummary(doomed, notNeeded, notNeeded / BytesPerToken),
            Violations = violations,
            InvalidNotShown = Math.Max(0, invalid - MaxShown),
        };
    }

    private InvalidDocument? Judge(JsonLine line)
    {
        var bytes = line.Bytes.IsSingleSegment ? line.Bytes.FirstSpan : line.Bytes.ToArray();
        var found = schema.Validate(bytes);
        if (found.IsEmpty) return null;
        var watch = schema.Watch();
        watch.Append(bytes);
        var doomedAt = watch.DoomedAt;
        return new InvalidDocument([.. found.Select(violation =>
            new DocumentViolation(line.Number, violation.InstancePath, violation.SchemaPath, violation.Message, doomedAt, line.Bytes.Length))]);
    }
}
