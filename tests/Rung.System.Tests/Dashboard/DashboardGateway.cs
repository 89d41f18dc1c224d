using System.Net;
using System.Text.RegularExpressions;
using Rung.Control.Reviews;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Dashboard.Access;
using Rung.Gateway.Intake;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Tests.Dashboard;

/// <summary>A gateway with its pages, over a ledger in a folder of its own, and a browser's place: cookies are kept, redirects are followed.</summary>
internal sealed partial class DashboardGateway : IAsyncDisposable
{
    private const string DefaultPolicy = """
        version: 1
        tiers: { small: { models: [little] }, frontier: { models: [big] } }
        models:
          little: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: little, price: { input: 1, output: 2 } }
          big: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: big, price: { input: 10, output: 20 } }
        tags:
          sort: { tier: small, owner: team-a, why: "Cheap.", checks: [ { length: { max: 100 } } ], escalate: { to: frontier } }
          answer: { tier: frontier, owner: team-b, why: "People read it.", user_visible: true }
        default: { tier: frontier, owner: team-b, why: "Unknown." }
        """;

    private readonly string folder;
    private readonly GatewayServer server;

    private DashboardGateway(string folder, Ledger ledger, ContentStore? content, GatewayServer server)
    {
        (this.folder, Ledger, Content, this.server) = (folder, ledger, content, server);
        Client = Browser();
    }

    /// <summary>Its ledger.</summary>
    public Ledger Ledger { get; }
    /// <summary>Its store of content; null unless asked for.</summary>
    public ContentStore? Content { get; }
    /// <summary>Its policy file.</summary>
    public string PolicyPath => Path.Combine(folder, "rung.yaml");
    /// <summary>Its data directory.</summary>
    public string DataPath => folder;
    /// <summary>The first browser.</summary>
    public HttpClient Client { get; }
    /// <summary>Its address.</summary>
    public Uri Url => new(server.Urls[0]);

    /// <summary>Starts one. The control loop is off.</summary>
    public static async Task<DashboardGateway> StartAsync(string? policy = null, string? operators = null, string? key = null, bool withContent = false, TimeProvider? clock = null, Func<Ledger, Task>? fill = null, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        var time = clock ?? TimeProvider.System;
        var folder = Directory.CreateTempSubdirectory("rung-dashboard-").FullName;
        var path = Path.Combine(folder, "rung.yaml");
        await File.WriteAllTextAsync(path, policy ?? DefaultPolicy);
        foreach (var (name, bytes) in files ?? new Dictionary<string, byte[]>()) await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes);
        var file = PolicyFile.Read(path, PriceBook.Embedded, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        Assert.True(file.Compilation.Snapshot is not null, string.Join("; ", file.Compilation.Faults.Select(fault => fault.Message)));
        var ledger = Ledger.Open(folder, time);
        if (fill is not null) await fill(ledger);
        var content = withContent ? ContentStore.Open(folder, key: null, time) : null;
        var revision = await ledger.PublishRevisionAsync(file.Compilation.Snapshot.Hash, file.Text, file.Files, "a test", "the first", CancellationToken.None);
        Assert.True(Operators.TryRead(operators, out var named, out _));
        var server = await GatewayServer.StartAsync(
            new GatewayServerOptions
            {
                Urls = ["http://127.0.0.1:0"], Policy = file.Compilation.Snapshot.WithRevision(revision.Number), WatchedPath = path, Prices = PriceBook.Embedded, Clock = time, Log = null,
                Keys = new ClientKeys(key is null ? [] : [key]), Content = content, Operators = named,
            },
            ledger, CancellationToken.None);
        return new DashboardGateway(folder, ledger, content, server);
    }

    /// <summary>Another browser, with no cookies yet.</summary>
    public HttpClient Browser(bool follow = true) => new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = follow }) { BaseAddress = Url };

    /// <summary>The HTML of a page that must be there.</summary>
    public async Task<string> PageAsync(string path)
    {
        using var reply = await Client.GetAsync(path);
        var html = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode == HttpStatusCode.OK, $"{path}: {reply.StatusCode}\n{html}");
        return html;
    }

    /// <summary>Sends a form as a page of this browser would: with the token of a page that has one.</summary>
    public async Task<HttpResponseMessage> ActAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var token = TokenField().Match(await PageAsync(page)).Groups["token"].Value;
        Assert.NotEmpty(token);
        return await Client.PostAsync(action, new FormUrlEncodedContent([new("_token", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.DisposeAsync();
        if (Content is not null) await Content.DisposeAsync();
        await Ledger.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("""name="_token" value="(?<token>[^"]+)""")]
    private static partial Regex TokenField();
}
