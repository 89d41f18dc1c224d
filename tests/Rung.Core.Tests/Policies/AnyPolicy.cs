using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Policies;
using Rung.Core.Policies.Documents;

namespace Rung.Core.Tests.Policies;

/// <summary>Generates valid documents: every key is there about half the time, and texts hold what breaks careless writers.</summary>
internal sealed class AnyPolicy(int seed)
{
    private static readonly string[] Texts =
        ["plain", "two words", "true", "no", "null", "~", "12", "1e3", " lead", "tail ", "a: b", "# c", "- d", "\"q\"", "it's", "back\\slash", "line\nfeed", "tab\there", "{x}", "[y]", "&z", "*w", "é–😀", "%", "@", "`", "|", ">", "?", "\u0085\u2028"];

    private readonly Random random = new(seed);
    private string[] tiers = [];
    private string[] models = [];
    private string[] roles = [];

    /// <summary>Seeds; a failing one is the whole counter-example.</summary>
    public static Arbitrary<int> Seeds { get; } = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    public static PolicyDocument Of(int seed) => new AnyPolicy(seed).Document();

    private PolicyDocument Document()
    {
        tiers = Names("t", 1 + random.Next(4));
        models = Names("m.", 1 + random.Next(5));
        roles = Names("r", random.Next(3));
        return new PolicyDocument
        {
            Name = Maybe(Text),
            Tiers = [.. tiers.Select((name, i) => new TierEntry(name, Some(models), Reference: false)).Select((tier, i) => i == 0 && random.Next(3) == 0 ? tier with { Reference = true } : tier)],
            Models = [.. models.Select(Model)],
            Verifiers = [.. Names("v", 1 + random.Next(2)).Select(Verifier)],
            Commands = [.. Names("c", 1 + random.Next(2)).Select(Command)],
            Roles = [.. roles.Select(name => Route(name) with { Tier = One(tiers) })],
            Tags = [.. Names("job.", random.Next(4)).Select(name => Route(name) with { Tier = One(tiers), Role = roles.Length > 0 ? Maybe(() => One(roles)) : null, Evidence = Maybe(Text) }).Select(route => route.Evidence is null && random.Next(2) == 0 ? route with { EvidenceGap = new EvidenceGapEntry(One([.. EvidenceGap.Words]), Text()) } : route)],
            Default = Route("default") with { Tier = One(tiers) },
            Pins = [.. Enumerable.Range(0, random.Next(3)).Select(i => new PinEntry
            {
                Name = i == 0 ? null : $"pin-{i}", DataClass = "phi", Tag = Maybe(() => "job.0"), Role = Maybe(() => "r0"), Tenant = Maybe(Text), User = Maybe(Text), Models = Some(models), Why = Maybe(Text),
            })],
            Limits = Coin() ? Limits(8) : LimitsEntry.None,
        };
    }

    private ModelEntry Model(string name) => new()
    {
        Name = name,
        Provider = "openai-compatible",
        Id = Text(),
        Url = $"http://127.0.0.1:{1 + random.Next(9999)}/v1",
        Key = Coin() ? new SecretReference("SOME_KEY", null) : new SecretReference(null, "/run/secrets/" + name),
        KeyHeader = Maybe(() => One("bearer", "api-key")),
        ApiVersion = Maybe(Text),
        Price = Coin() ? Price() : null,
        Region = Maybe(Text),
        Context = Number(100, 1_000_000),
        MaxOutput = Number(100, 1_000_000),
        Can = Coin() ? Some("tools", "vision", "json_schema", "audio", "files", "logprobs") : null,
        Temperature = Flag(),
        StreamOptions = Flag(),
        CapField = Maybe(() => One("as_given", "max_tokens", "max_completion_tokens")),
        Priority = Number(1, 100),
        Weight = Number(1, 1000),
    };

    private PriceEntry Price() => new()
    {
        Input = Amount(), Output = Amount(), CachedInput = MaybeAmount(), CacheWrite = MaybeAmount(), CacheWriteLong = MaybeAmount(), AudioInput = MaybeAmount(), AudioOutput = MaybeAmount(),
        Tiers = Coin() ? [new PriceTierEntry(1000, Amount(), Amount(), MaybeAmount(), MaybeAmount()), new PriceTierEntry(9000, Amount(), Amount(), null, null)] : [],
    };

    private RouteEntry Route(string name) => new()
    {
        Name = name,
        Owner = Maybe(Text),
        Why = Maybe(Text),
        MaxTokens = Number(1, 9999),
        MaxTemperature = Coin() ? random.Next(0, 10) / 10m : null,
        Checks = Coin() ? [.. Enumerable.Range(0, random.Next(5)).Select(_ => Check())] : null,
        Stream = Maybe(() => One("hold", "pass", "first_valid_prefix")),
        Escalate = random.Next(3) switch { 0 => null, 1 => new EscalateEntry(), _ => Escalate() },
        Floor = Coin() ? new FloorEntry(One("judge", "check"), random.Next(1, 100) / 100m, Maybe(() => One(tiers))) : null,
        Ceiling = Coin() ? new CeilingEntry(Amount(), MaybeAmount(), MaybeAmount()) : null,
        UserVisible = Flag(),
        DataClass = Maybe(() => "phi"),
        Limits = Coin() ? Limits(3) : null,
    };

    private EscalateEntry Escalate() => new()
    {
        To = One(tiers), On = Coin() ? Some("check_failed", "truncated", "refused", "filtered", "unavailable") : null, Times = Number(1, 15),
        Exhausted = Maybe(() => One("last_answer", "error")), MaxUsd = MaybeAmount(), MaxSeconds = Coin() ? random.Next(2, 100) : null,
    };

    private VerifierEntry Verifier(string name) => Coin()
        ? new() { Name = name, Llm = new(One(models), Text(), Number(16, 999)), LimitSeconds = Coin() ? random.Next(1, 90) / 2m : null }
        : new()
        {
            Name = name,
            Http = new()
            {
                Url = $"http://127.0.0.1:{1 + random.Next(9999)}/predict", Body = """{"inputs": "{prompt} {answer}"}""", Score = Maybe(() => "/0/score"), Label = Maybe(Text),
                Key = Coin() ? new SecretReference("SOME_KEY", null) : null, UsdPerCall = MaybeAmount(), PinnedCalls = Flag(),
            },
        };

    private CommandEntry Command(string name) => new()
    {
        Name = name, Run = ["/usr/bin/python3", Text(), "{file}"], File = Maybe(() => "answer.py"), Stdin = Flag(), Seconds = Coin() ? random.Next(1, 100) / 2m : null,
        MemoryMb = Number(16, 4096), OutputKb = Number(1, 1024),
    };

    private CheckEntry Check(int depth = 0) => random.Next(depth < 3 ? 17 : 13) switch
    {
        0 => new JsonCheckEntry(),
        1 => new RequiredCheckEntry(["a", "b.0.c"]),
        2 => new AllowedCheckEntry([Text(), "other"], Maybe(() => "a.b"), Flag()),
        3 => new RegexCheckEntry("^[a-z]+ ${x}? \\d \"q\" #$", Flag(), Number(1, 1000)),
        4 => new LengthCheckEntry(Number(1, 10), 100 + random.Next(100)),
        5 => new BoundsCheckEntry(Maybe(() => "score"), -random.Next(1, 100) / 8m, random.Next(1, 100) / 8m),
        6 => new SchemaCheckEntry("schemas/intent.json", Flag()),
        7 => Coin() ? new ToolCallsCheckEntry(One("true", "required"), null, null) : new ToolCallsCheckEntry(null, Coin(), Maybe(() => One("object", "schema"))),
        8 => new ArithmeticCheckEntry(MaybeAmount(), Flag()),
        9 => new CitesCheckEntry(Coin() ? true : null, Maybe(() => """\[(doc-\d+)\]"""), Number(0, 100)),
        10 => new AgreesCheckEntry(5 + random.Next(4), Number(2, 5), One("number", "text", "json", "tool_calls"), Coin() ? random.Next(0, 20) / 10m : null),
        11 => new CommandCheckEntry("c0"),
        12 => new VerifierCheckEntry("v0", random.Next(0, 100) / 100m, Maybe(() => One("fail", "pass"))),
        13 => new ListCheckEntry("all", [Check(depth + 1), Check(depth + 1)]),
        14 => new ListCheckEntry("any", [Check(depth + 1)]),
        15 => new NotCheckEntry(Check(depth + 1)),
        _ => new ScoreCheckEntry(random.Next(0, 100) / 100m, [new(random.Next(1, 9) / 4m, Check(depth + 1)), new(null, Check(depth + 1))]),
    };

    /// <summary>Each seconds value is at least 2 and at most <paramref name="most"/> + 1, so that a route's can be under a policy's.</summary>
    private LimitsEntry Limits(int most) => new()
    {
        ConnectSeconds = most == 8 ? 5 : random.Next(2, 4), FirstByteSeconds = most == 8 ? 9 : random.Next(2, 4), BetweenChunksSeconds = most == 8 ? 7.5m : Coin() ? 2.25m : null,
        TotalSeconds = most == 8 ? 99 : Coin() ? random.Next(2, 9) : null, Attempts = most == 8 ? 8 : Number(1, 3), RequestMb = most == 8 ? 9 : Number(1, 3), ReplyMb = most == 8 ? 9 : Number(1, 3),
    };

    private static string[] Names(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];

    private bool Coin() => random.Next(2) == 0;

    private bool? Flag() => random.Next(3) switch { 0 => true, 1 => false, _ => null };

    private string? Maybe(Func<string> make) => Coin() ? make() : null;

    private string Text() => One(Texts);

    private T One<T>(params T[] all) => all[random.Next(all.Length)];

    private ImmutableArray<string> Some(params string[] all) => [.. all.OrderBy(_ => random.Next()).Take(1 + random.Next(all.Length))];

    private int? Number(int least, int most) => Coin() ? random.Next(least, most) : null;

    private decimal Amount() => random.Next(1, 10_000) / 100m;

    private decimal? MaybeAmount() => Coin() ? Amount() : null;
}
