using System.CommandLine;
using Rung.Commands.Content;
using Rung.Storage.Content;

namespace Rung.Tests.Content;

public sealed class ForgetLongIdsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rung-forget-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_user_whose_id_is_longer_than_the_gateway_keeps_is_forgotten_all_the_same()
    {
        var user = new string('u', 200);
        await StoreAsync(user[..128]);

        var (code, output, error) = await RunAsync("forget", "--user", user, "--yes", "--json", "--data", _folder);

        Assert.Equal((0, ""), (code, error.Contains("Nothing matched", StringComparison.Ordinal) ? error : ""));
        Assert.Contains("\"captures\": 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_matches_nothing_is_told_so()
    {
        await StoreAsync("ann");

        var (code, _, error) = await RunAsync("forget", "--user", "anne", "--yes", "--data", _folder);

        Assert.Equal(0, code);
        Assert.Contains("Nothing matched.", error, StringComparison.Ordinal);
    }

    private async Task StoreAsync(string user)
    {
        await using var store = ContentStore.Open(_folder, key: null, TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        await store.AppendCapturesAsync(
            [
                new CapturedCall
                {
                    CallId = Guid.CreateVersion7(now).ToString("N"), StartedAt = now, ExpiresAt = now.AddDays(1), Route = "default", User = user, SampledAt = 1,
                    Request = """{"messages":[]}"""u8.ToArray(), Answers = [],
                },
            ], CancellationToken.None);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await ContentCommand.Create(TimeProvider.System, terminal: null).Parse(args)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
