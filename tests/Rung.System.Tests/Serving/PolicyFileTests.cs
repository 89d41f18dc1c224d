using System.Text;
using Rung.Core.Prices;
using Rung.Serving;

namespace Rung.Tests.Serving;

/// <summary>What stands where the policy should be may be anything: reading it ends, and says so.</summary>
public sealed class PolicyFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rung-policy-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_device_is_no_policy()
    {
        var path = Path.Combine(folder, "rung.yaml");
        File.CreateSymbolicLink(path, "/dev/zero");

        Assert.Contains("no regular file", Assert.Throws<IOException>(() => Read(path)).Message);
    }

    [Fact]
    public void A_link_of_this_folder_is_followed()
    {
        var (name, target) = ($"rung-link-{Guid.NewGuid():n}.yaml", $"rung-target-{Guid.NewGuid():n}.yaml");
        try
        {
            File.WriteAllText(target, "version: 1\n");
            File.CreateSymbolicLink(name, target);

            Assert.Equal("version: 1\n", Read(name).Text);
        }
        finally
        {
            File.Delete(name);
            File.Delete(target);
        }
    }

    [Fact]
    public void A_policy_that_is_not_utf_8_is_refused_with_its_place()
    {
        var path = Path.Combine(folder, "rung.yaml");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("version: 1\n# café\n"));

        Assert.Contains("not valid UTF-8 (near byte 17)", Assert.Throws<IOException>(() => Read(path)).Message);
    }

    [Theory]
    [InlineData("schemas/\\0a.json")]
    [InlineData("missing.json")]
    [InlineData("a\\tb.json")]
    public void A_schema_that_cannot_be_read_is_a_fault_and_no_crash(string schema)
    {
        var path = Path.Combine(folder, "rung.yaml");
        File.WriteAllText(path, $$"""
            version: 1
            tiers: { small: { models: [m] } }
            models: { m: { provider: ollama, id: x } }
            tags: { t: { tier: small, checks: [ { schema: "{{schema}}" } ] } }
            default: { tier: small }
            """);

        var file = Read(path);

        Assert.Null(file.Compilation.Snapshot);
        Assert.Contains(file.Compilation.Faults, fault => fault.Path.StartsWith("tags.t.checks[0]", StringComparison.Ordinal));
    }

    private static PolicyFile Read(string path) => PolicyFile.Read(path, PriceBook.Embedded, new DateOnly(2026, 11, 22));
}
