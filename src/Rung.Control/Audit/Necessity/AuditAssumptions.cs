namespace Rung.Control.Audit;

/// <summary>Every number that the audit takes without having measured it. Factors and shares are in thousandths.</summary>
/// <remarks>
/// The climb rates are orders of magnitude: published cascades keep most calls on the cheap model where the job is easy, and about half where it is hard
/// (L. Chen, M. Zaharia, J. Zou, FrugalGPT, arXiv:2305.05176; M. Yue et al., arXiv:2310.03094). They stand in for a measurement, which is what the proposed
/// policy asks for.
/// </remarks>
public sealed record AuditAssumptions
{
    private const int MostFactor = 10_000;
    private const int MostShare = 1000;

    /// <summary>Fewest calls of a site of which anything is said, and fewest known calls behind a share that counts as evidence.</summary>
    public int MinimumCalls { get; init; } = 30;
    /// <summary>Least confidence, in thousandths, with which calls without a tag must belong together before their site is moved.</summary>
    public int MinimumConfidence { get; init; } = 500;
    /// <summary>Tokens that another model needs for the same text, when it is of another family.</summary>
    public AssumedRange Tokenizer { get; init => field = value.Checked(nameof(Tokenizer), MostFactor); } = new(1000, 1100, 1300);
    /// <summary>Length of another model's answers.</summary>
    public AssumedRange OutputLength { get; init => field = value.Checked(nameof(OutputLength), MostFactor); } = new(900, 1000, 1200);
    /// <summary>Reasoning tokens of another model.</summary>
    public AssumedRange Reasoning { get; init => field = value.Checked(nameof(Reasoning), MostFactor); } = new(500, 1000, 1500);
    /// <summary>Part of the cached input that the new model must read uncached and write again: its cache starts cold, and calls that stay no longer share it.</summary>
    public AssumedRange CacheLost { get; init => field = value.Checked(nameof(CacheLost), MostShare); } = new(0, 50, 300);
    /// <summary>Part of the calls that climb one rung, for mechanical jobs.</summary>
    public AssumedRange ClimbMechanical { get; init => field = value.Checked(nameof(ClimbMechanical), MostShare); } = new(0, 40, 100);
    /// <summary>The same for following instructions.</summary>
    public AssumedRange ClimbInstruction { get; init => field = value.Checked(nameof(ClimbInstruction), MostShare); } = new(0, 80, 200);
    /// <summary>The same for judgement.</summary>
    public AssumedRange ClimbJudgement { get; init => field = value.Checked(nameof(ClimbJudgement), MostShare); } = new(0, 200, 400);
    /// <summary>Part of the calls that a judge on the rung above grades, where neither the form of the answer nor a later step catches errors.</summary>
    public AssumedRange Judged { get; init => field = value.Checked(nameof(Judged), MostShare); } = new(0, 50, 100);
    /// <summary>Tokens that a judge writes.</summary>
    public int JudgeOutputTokens { get; init; } = 100;
    /// <summary>Least saving that is worth a proposal, in thousandths of what the site spends.</summary>
    public int MinimumSaving { get; init; } = 50;
    /// <summary>Part of the looked-at calls with signs of sensitive data from which a person must look first. Of keys and passwords one call is enough.</summary>
    public int Sensitive { get; init; } = 10;
    /// <summary>Graded answers that an evaluation should have: with none of n worse, the loss is at most 3/n with 95 % confidence.</summary>
    public int EvalAnswers { get; init; } = 300;
    /// <summary>What every projection is widened by at both ends: sums are priced, not single calls.</summary>
    public int Rounding { get; init; } = 1;

    /// <summary>How often calls of a class are expected to climb.</summary>
    public AssumedRange Climb(NecessityClass necessity) => necessity switch
    {
        NecessityClass.Mechanical => ClimbMechanical,
        NecessityClass.InstructionFollowing => ClimbInstruction,
        _ => ClimbJudgement,
    };

    /// <summary>All of it as sentences, for every report that shows a projection.</summary>
    public IReadOnlyList<string> InWords =>
    [
        "Each site's own tokens are priced again at the proposed model, cached tokens at that model's rates.",
        $"Tokens for the same text: as many in the same family of models; {Factor(Tokenizer)} times as many in another.",
        $"Length of the answers: {Factor(OutputLength)} times; reasoning: {Factor(Reasoning)} times.",
        $"A new model starts with a cold cache: {Shares(CacheLost)} of the cached input are read uncached and written again.",
        $"Calls that climb one rung, and then cost both answers: {Shares(ClimbMechanical)} of mechanical jobs, {Shares(ClimbInstruction)} of following instructions, {Shares(ClimbJudgement)} of judgement.",
        $"Where nothing else catches an error, a judge on the rung above reads {Shares(Judged)} of the calls and writes {JudgeOutputTokens} tokens about each.",
        "The interval is the best and the worst case of all of these at once, the middle the middle of all. It is no confidence interval.",
        $"Evaluations ({EvalAnswers} graded answers a site) are not in it. Calls without a known price are in neither side.",
        $"Nothing is said of a site with fewer than {MinimumCalls} calls, and nothing is proposed for less than {Figures.Permille(MinimumSaving)} of what it spends.",
        $"Signs of sensitive data in {Figures.Permille(Sensitive)} of the calls looked at (one call for keys and passwords) keep a site where it is.",
    ];

    private static string Factor(AssumedRange range) => FormattableString.Invariant($"{range.Best / 1000m:0.###} to {range.Worst / 1000m:0.###} (middle {range.Middle / 1000m:0.###})");

    private static string Shares(AssumedRange range) =>
        FormattableString.Invariant($"{range.Best / 10m:0.#} to {range.Worst / 10m:0.#} % (middle {range.Middle / 10m:0.#} %)");
}
