namespace Rung.Control.Evals.Judging.Simulation;

/// <summary>
/// A judge and people who look at made-up pairs of answers. People say better (45 %), tie (10 %) or worse (45 %) of a candidate; the judge sees that through noise
/// and through its leanings. Longer answers are really somewhat better, so that length and quality must be told apart.
/// </summary>
/// <remarks>
/// The chance that the judge prefers the candidate is 0.25 + 0.5·people + length·doublings + self (own family) ± position, exactly: its leanings are the truth that
/// the report must find. Two candidates, one of the judge's family, both as good as one another.
/// </remarks>
internal sealed class SimulatedJudge(JudgeLeanings leanings, int seed)
{
    /// <summary>The judge's model.</summary>
    public const string Name = "sim-judge";
    /// <summary>The candidate of the judge's family.</summary>
    public const string Own = "sim-cousin";
    /// <summary>The candidate of another family.</summary>
    public const string Other = "sim-stranger";
    /// <summary>People's mean of either candidate.</summary>
    public const double Quality = 0.5;

    private const double Wins = 0.45, Ties = 0.1, TiesOfJudge = 0.04;
    private const int ReferenceChars = 1_000;

    private readonly Random chance = new(seed);

    /// <summary>Family of a model by its name.</summary>
    public static string FamilyOf(string model) => model == Other ? "b" : "a";

    /// <summary>One run: every row answered by both candidates, judged in both orders; the first rows labelled by people.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="labelled">Of these, rows that people look at.</param>
    public List<JudgedAnswer> Run(int rows, int labelled)
    {
        var answers = new List<JudgedAnswer>(rows * 2);
        for (var row = 0; row < rows; row++)
        {
            foreach (var candidate in (ReadOnlySpan<string>)[Own, Other]) answers.Add(Judge($"r-{row:x16}", candidate, row < labelled));
        }
        return answers;
    }

    private JudgedAnswer Judge(string row, string candidate, bool isLabelled)
    {
        var drawn = chance.NextDouble();
        var human = drawn < Wins ? 1 : drawn < Wins + Ties ? 0.5 : 0;
        // Better answers are longer on average; twice as long or half as long at most.
        var doublings = Math.Clamp(((human - 0.5) * 0.5) + ((chance.NextDouble() - 0.5) * 1.5), -1, 1);
        var chars = (int)Math.Round(ReferenceChars * Math.Pow(2, doublings));
        var likes = 0.25 + (0.5 * human) + (leanings.Length * Math.Log2((double)chars / ReferenceChars)) + (candidate == Own ? leanings.Self : 0);
        JudgeVerdict Say(bool first) => new()
        {
            Model = Name, CandidateFirst = first, Score = Verdict(likes + (first ? leanings.Position : -leanings.Position)), CandidateChars = chars, ReferenceChars = ReferenceChars,
        };
        JudgeVerdict[] verdicts = [Say(first: true), Say(first: false)];
        return new JudgedAnswer
        {
            RowId = row, Candidate = candidate, Verdicts = verdicts, Score = (verdicts[0].Score + verdicts[1].Score) / 2, Human = isLabelled ? human : null,
            Reviewer = isLabelled ? "simulated" : null,
        };
    }

    // A mean of exactly the wanted chance, with a few ties.
    private double Verdict(double likes)
    {
        var drawn = chance.NextDouble();
        var wins = likes - (TiesOfJudge / 2);
        return drawn < wins ? 1 : drawn < wins + TiesOfJudge ? 0.5 : 0;
    }
}
