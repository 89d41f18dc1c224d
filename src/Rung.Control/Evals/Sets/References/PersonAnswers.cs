using System.Text.Json;
using Rung.Control.Evals.Sets.Reading;
using Rung.Control.Imports;
using Rung.Control.Imports.Reading;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets.References;

/// <summary>Answers of people, from a file: JSON lines or CSV with <c>id</c> (of the row) and <c>answer</c>, and <c>by</c> where it is known.</summary>
public sealed class PersonAnswers
{
    private readonly Dictionary<string, (byte[] Message, string? By)> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    private PersonAnswers()
    {
    }

    /// <summary>Answers read.</summary>
    public int Count => _answers.Count;
    /// <summary>Lines that could not be used: place and reason, without content.</summary>
    public IReadOnlyList<string> Faults => _faults;
    /// <summary>Answers whose row is not in the set; known after <see cref="ApplyTo"/>.</summary>
    public IReadOnlyList<string> UnknownIds { get; private set; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="EvalException">It cannot be read, or has no answer.</exception>
    public static PersonAnswers Read(string path, Stream? standardInput)
    {
        var answers = new PersonAnswers();
        try
        {
            using var opened = LogStream.Open(path, standardInput);
            using var source = opened.ToRecords();
            while (source.TryNext(out var record)) answers.Add(record, path);
            foreach (var (line, message) in source.Faults) answers._faults.Add($"{path}:{line}: {message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new EvalException(e.Message, "Check that the file is there and may be read.");
        }
        if (answers.Count == 0)
        {
            throw new EvalException($"{path} holds no answer.{(answers._faults.Count > 0 ? $" First: {answers._faults[0]}" : "")}", "A line needs \"id\", the row's id (rung eval show SET --rows 10), and \"answer\".");
        }
        return answers;
    }

    /// <summary>The rows with these answers for references.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="by">Who gave those that name nobody; null when not known.</param>
    public IReadOnlyList<EvalRow> ApplyTo(IReadOnlyList<EvalRow> rows, string? by)
    {
        ArgumentNullException.ThrowIfNull(rows);
        UnknownIds = [.. _answers.Keys.Except(rows.Select(row => row.Id), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return [.. rows.Select(row => !_answers.TryGetValue(row.Id, out var answer) ? row : row with
        {
            Reference = answer.Message, ReferenceSource = ReferenceSource.Person, ReferenceBy = answer.By ?? by, ReferenceCostNanoUsd = null,
        })];
    }

    private void Add(in LogRecord record, string path)
    {
        try
        {
            if (record.Row is { } row)
            {
                Add(row["id"], row["answer"] is { } text ? EvalRowReader.AnswerOfText(text) : null, row["by"]);
                return;
            }
            using var parsed = record.Parse();
            var json = parsed.RootElement;
            if (json.ValueKind != JsonValueKind.Object) throw new FormatException("It is no object.");
            Add(MessageText.Word(json, "id"), json.TryGetProperty("answer", out var answer) ? EvalRowReader.Answer(answer) : null, MessageText.Word(json, "by"));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            _faults.Add($"{path}:{record.Line}: {(e is JsonException ? "It is no JSON." : e.Message)}");
        }
    }

    private void Add(string? id, byte[]? message, string? by)
    {
        if (string.IsNullOrEmpty(id)) throw new FormatException("It has no \"id\".");
        if (message is null) throw new FormatException("It has no \"answer\".");
        if (!_answers.TryAdd(id, (message, TagName.Cut(by)))) throw new FormatException($"Row {id} was answered before; the first answer counts.");
    }
}
