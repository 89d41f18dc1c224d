using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rung.Gateway.Rollouts;

namespace Rung.Commands.Policy;

/// <summary>What a gateway says of its policy: <c>GET /rung/policy</c>.</summary>
internal sealed record GatewayStatus
{
    private const int MostBytes = 1024 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Number of the revision in force.</summary>
    public required long Revision { get; init; }
    /// <summary>Its content hash.</summary>
    public required string Hash { get; init; }
    /// <summary>When it came into force.</summary>
    public required DateTimeOffset LoadedAt { get; init; }
    /// <summary>Why a newer policy was refused; null when none was.</summary>
    public string? Problem { get; init; }
    /// <summary>When it was refused.</summary>
    public DateTimeOffset? ProblemSince { get; init; }
    /// <summary>Models whose key cannot be read: they are not tried.</summary>
    public IReadOnlyList<string> ModelsWithoutKey { get; init; } = [];

    /// <summary>Verifiers whose key cannot be read: they are unavailable.</summary>
    public IReadOnlyList<string> VerifiersWithoutKey { get; init; } = [];

    /// <summary>The rollouts beside it.</summary>
    public IReadOnlyList<RolloutStatus> Rollouts { get; init; } = [];

    /// <summary>Rollouts that are open and not applied.</summary>
    public IReadOnlyList<RolloutRefusal> RolloutsRefused { get; init; } = [];

    /// <summary>Why the gateway cannot follow the ledger; null when it can.</summary>
    public string? LedgerProblem { get; init; }

    /// <summary>Asks a gateway.</summary>
    /// <param name="gateway">Its address, without <c>/v1</c>.</param>
    /// <param name="key">One of its keys; null for none.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="PolicyUnusableException">No gateway answers there, or it wants another key.</exception>
    public static async Task<GatewayStatus> AskAsync(Uri gateway, string? key, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !gateway.IsLoopback, ConnectTimeout = TimeSpan.FromSeconds(5) };
        using var http = new HttpClient(handler) { Timeout = s_patience, MaxResponseContentBufferSize = MostBytes };
        if (key is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var reply = await http.GetAsync(new Uri($"{gateway.AbsoluteUri.TrimEnd('/')}/rung/policy"), cancellationToken);
            if (reply.StatusCode == HttpStatusCode.Unauthorized)
            {
                throw new PolicyUnusableException(
                    key is null ? $"The gateway at {gateway} wants a key." : $"The gateway at {gateway} does not take this key.", "Name the environment variable that holds one of its keys: --key-env NAME");
            }
            if (reply.StatusCode != HttpStatusCode.OK) throw NoGateway(gateway, $"{(int)reply.StatusCode}");
            return JsonSerializer.Deserialize<GatewayStatus>(await reply.Content.ReadAsByteArrayAsync(cancellationToken), Output.Json) ?? throw NoGateway(gateway, "null");
        }
        catch (JsonException)
        {
            throw NoGateway(gateway, "something else");
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(gateway, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(gateway, $"It was silent for {s_patience.TotalSeconds:0} s.");
        }
    }

    private static PolicyUnusableException NoGateway(Uri gateway, string answer) =>
        new($"{gateway} answers {answer} to GET /rung/policy: this is no gateway of Rung.", "Name one with --gateway URL.");

    private static PolicyUnusableException Unreachable(Uri gateway, string why) =>
        new($"No gateway answers at {gateway}: {why}", "Start one with `rung serve`, or name another with --gateway URL.");
}
