using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Rung.Core.Checks;
using Rung.Core.Checks.Schema;

namespace Rung.Benchmarks;

/// <summary>What does it cost to judge an answer of 4 KB by a schema of 40 lines, beside parsing it alone?</summary>
[MemoryDiagnoser]
public class SchemaBenchmarks
{
    private readonly byte[] answer = MakeAnswer();
    private readonly byte[][] pieces;
    private readonly JsonSchema schema = JsonSchema.Compile(Encoding.UTF8.GetBytes(Ticket), new SchemaOptions(), out var fault) ?? throw new InvalidOperationException(fault);

    /// <summary>Cuts the answer as a stream would bring it: a token, about four bytes, at a time.</summary>
    public SchemaBenchmarks()
    {
        pieces = [.. answer.Chunk(4)];
        if (!schema.IsValid(answer)) throw new InvalidOperationException(schema.Validate(answer)[0].ToString());
    }

    [Benchmark(Baseline = true)]
    public JsonValueKind Parse_alone()
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.ValueKind;
    }

    [Benchmark]
    public bool Parse_and_judge() => schema.IsValid(answer);

    [Benchmark]
    public bool Watch_in_one_piece() => schema.Watch().Append(answer);

    [Benchmark]
    public AnswerWatch Watch_in_pieces_of_four_bytes()
    {
        var watch = schema.Watch();
        foreach (var piece in pieces) watch.Append(piece);
        return watch;
    }

    private static byte[] MakeAnswer()
    {
        var items = Enumerable.Range(0, 21).Select(i => $$"""
            {"id": "T-{{1000 + i}}", "intent": "{{(i % 2 == 0 ? "refund" : "shipping")}}", "confidence": 0.{{10 + i}}, "urgent": {{(i % 3 == 0 ? "true" : "false")}},
               "summary": "The customer asks where parcel number {{i}} is, and wants it today.", "tags": ["parcel", "late", "zone-{{i}}"]}
            """);
        return Encoding.UTF8.GetBytes($$"""{"version": 3, "language": "en", "tickets": [{{string.Join(",\n  ", items)}}], "next": null}""");
    }

    private const string Ticket = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "properties": {
            "version": { "type": "integer", "minimum": 1, "maximum": 9 },
            "language": { "enum": ["de", "en", "fr"] },
            "next": { "type": ["string", "null"] },
            "tickets": {
              "type": "array",
              "minItems": 1,
              "maxItems": 100,
              "items": { "$ref": "#/$defs/ticket" }
            }
          },
          "required": ["version", "tickets"],
          "additionalProperties": false,
          "$defs": {
            "ticket": {
              "type": "object",
              "properties": {
                "id": { "type": "string", "maxLength": 12 },
                "intent": { "enum": ["refund", "shipping", "other"] },
                "confidence": { "type": "number", "minimum": 0, "maximum": 1 },
                "urgent": { "type": "boolean" },
                "summary": { "type": "string", "minLength": 1, "maxLength": 400 },
                "tags": {
                  "type": "array",
                  "maxItems": 10,
                  "items": { "type": "string" }
                }
              },
              "required": ["id", "intent", "confidence"],
              "additionalProperties": false
            }
          }
        }
        """;
}
