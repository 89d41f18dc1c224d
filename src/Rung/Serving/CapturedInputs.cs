using System.Collections.Immutable;
using System.Text.Json;
using Rung.Control.Evals.Sets;
using Rung.Control.Steering;
using Rung.Core.Guarantees;
using Rung.Core.Statistics;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>What captured inputs look like, beside those of the eval sets that proved the tiers of the policy in force.</summary>
internal static class CapturedInputs
{
    // Of a tag and a day: enough to compare, and bounded.
    private const int MostCaptures = 5_000;

    /// <summary>Looks at them.</summary>
    public static InputLook Of(Ledger ledger, ContentStore store) => new(token => ProvedAsync(ledger, token), (tag, from, to, token) => ProfileAsync(store, tag, from, to, token));

    private static async Task<ImmutableArray<ProvedInputs>> ProvedAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        if (await ledger.NewestRevisionAsync(cancellationToken) is not { } newest) return [];
        var revision = (await ledger.GetRevisionAsync(newest.Number, cancellationToken))!;
        var proved = ImmutableArray.CreateBuilder<ProvedInputs>();
        foreach (var bytes in revision.Files.Values)
        {
            if (!EvalEvidenceFile.IsOne(bytes) || EvalEvidenceFile.Read(bytes, out _) is not { Profile: { } profile } evidence || InputProfile.Parse(profile) is not { } reference) continue;
            if (proved.All(known => known.Tag != evidence.Tag)) proved.Add(new ProvedInputs(evidence.Tag, reference, $"eval set {evidence.SetName} version {evidence.SetVersion}"));
        }
        return proved.ToImmutable();
    }

    private static async Task<InputProfile?> ProfileAsync(ContentStore store, string tag, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var requests = new List<ReadOnlyMemory<byte>>();
        await foreach (var call in store.ReadCapturesAsync(new CaptureQuery { Tag = tag, Since = from, Until = to, Limit = MostCaptures }, cancellationToken)) requests.Add(call.Request);
        try
        {
            return requests.Count == 0 ? null : EvalInputs.ProfileOf(requests);
        }
        catch (JsonException)
        {
            return null; // What is captured was JSON when it was captured; what is not any more says nothing of the inputs.
        }
    }
}
