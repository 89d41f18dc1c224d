using System.CommandLine;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Checking;

namespace Rung.Tests.Checking;

/// <summary>A folder of schemas and documents, gone when the test ends, and the command run on it.</summary>
internal sealed class CheckFolder : IDisposable
{
    /// <summary>An object with an intent out of two, and perhaps a score from 0 to 1.</summary>
    public const string Schema = """
        { "type": "object", "required": ["intent"], "additionalProperties": false,
          "properties": { "intent": { "enum": ["billing", "refund"] }, "score": { "type": "number", "minimum": 0, "maximum": 1 } } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-check-");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public string WriteGzip(string name, string text)
    {
        File.WriteAllBytes(At(name), Gzip(text));
        return At(name);
    }

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public Task<Printed> RunAsync(params string[] args) => RunAsync([], args);

    public async Task<Printed> RunAsync(byte[] input, string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { CheckCommand.Create(() => new MemoryStream(input), TimeProvider.System) };
        var code = await CommandLine.RunAsync(root, ["check", .. args], new InvocationConfiguration { Output = output, Error = error });
        var prefix = _folder.FullName + Path.DirectorySeparatorChar;
        return new Printed(code, output.ToString().Replace(prefix, "", StringComparison.Ordinal), error.ToString().Replace(prefix, "", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>What a command printed, without the folder's path.</summary>
    internal sealed record Printed(int Code, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }
}
