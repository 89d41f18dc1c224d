using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Rung.Recorded;

namespace Rung.Tests.Recorded;

/// <summary>A folder of outcome files that a test writes for itself, gone when the test ends.</summary>
internal sealed class RecordedFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-recorded-");

    public string Write(string name, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, bytes);
            return path;
        }
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(bytes);
        return path;
    }

    public string WriteBytes(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public async Task<RecordedOutcomes> ReadAsync(params string[] lines) =>
        await RecordedOutcomes.ReadAsync([Write("outcomes.jsonl", lines)], [], CancellationToken.None);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>One line of an outcomes file; the models as JSON.</summary>
    public static string Row(string id, string prompt, string models, string source = "sums", string? gold = null, string? tools = null)
    {
        var row = new JsonObject { ["id"] = id, ["source"] = source, ["split_hint"] = "", ["prompt"] = prompt, ["models"] = JsonNode.Parse(models) };
        if (gold is not null) row["gold"] = gold;
        if (tools is not null) row["tools"] = tools;
        return row.ToJsonString();
    }

    /// <summary>Three sums: <c>small</c> gets the first right, is unsure of the second and wrong on the third; <c>large</c> gets all right.</summary>
    public static string[] ThreeSums { get; } =
    [
        Row("sum/1", "What is 1+1?", """
            {"small":{"correct":1,"prompt_tokens":10,"completion_tokens":5,"cost_usd":0.000001,"response":"It is 2."},
             "large":{"correct":1,"prompt_tokens":10,"completion_tokens":8,"cost_usd":0.0001,"response":"The sum is 2"}}
            """, gold: "2"),
        Row("sum/2", "What is 20+22?", """
            {"small":{"correct":0,"prompt_tokens":11,"completion_tokens":5,"cost_usd":0.000001,"response":"I am unsure."},
             "large":{"correct":1,"prompt_tokens":11,"completion_tokens":8,"cost_usd":0.0001,"response":"The sum is 42"}}
            """, gold: "42"),
        Row("sum/3", "What is 3+4?", """
            {"small":{"correct":0,"prompt_tokens":10,"completion_tokens":5,"cost_usd":0.000001,"response":"It is 8."},
             "large":{"correct":1,"prompt_tokens":10,"completion_tokens":8,"cost_usd":0.0001,"response":"The sum is 7"}}
            """, gold: "7"),
    ];
}
