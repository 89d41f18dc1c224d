using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Checks;
using Check = Rung.Core.Checks.Check;

namespace Rung.Core.Tests.Checks;

/// <summary>What holds for every tree of checks and every order in which things are found out.</summary>
public sealed class CompositionLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(20261121, 4711);
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void A_composed_verdict_is_the_boolean_truth_whatever_is_found_out_first_and_nothing_is_asked_twice() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var scores = Enumerable.Range(0, 6).Select(_ => random.Next(5) / 4.0).ToArray();
        var (check, truth) = Tree(random, scores, depth: 0);
        var answer = Some.Answer("x") with { Context = new CallContext { Prompt = default, Given = default } };
        for (var turn = 0; ; turn++)
        {
            var result = check.Evaluate(answer);
            if (result.Pending is not { } inquiry)
            {
                Assert.Equal(truth, result.Passed);
                Assert.Equal(result.Passed, result.Detail is null);
                Assert.True(result.Score is null or (>= 0 and <= 1));
                return;
            }
            Assert.False(answer.Findings.ContainsKey(inquiry));
            Assert.True(turn <= scores.Length);
            // Sometimes something else is found out first: another check of the route may have asked.
            var other = new VerifierInquiry($"v{random.Next(scores.Length)}");
            var next = random.Next(3) == 0 && !answer.Findings.ContainsKey(other) ? other : inquiry;
            answer = answer.With(next, new Finding { Score = scores[((VerifierInquiry)next).Verifier[1] - '0'] });
        }
    }).Check(Fixed);

    [Fact]
    public void Watches_doom_only_what_fails_wherever_the_text_is_cut() => Prop.ForAll(Seeds, seed =>
    {
        var random = new Random(seed);
        var check = Lengths(random, depth: 0);
        var text = new byte[random.Next(30)];
        random.NextBytes(text);
        if (random.Next(2) == 0) text = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => new[] { "a", "é", "€", "🐲" }[random.Next(4)])));
        if (check.Watch() is not { } watch) return;
        for (var at = 0; at < text.Length;)
        {
            var piece = Math.Min(text.Length - at, 1 + random.Next(4));
            Assert.Equal(watch.Append(text.AsSpan(at, piece)), watch.DoomedAt is null);
            at += piece;
        }
        if (watch.DoomedAt is not { } doomed) return;
        Assert.InRange(doomed, 0, text.Length - 1);
        Assert.NotNull(watch.Detail);
        Assert.False(watch.HasValidPrefix);
        Assert.False(check.Evaluate(Some.Answer(text)).Passed);
        Assert.False(check.Evaluate(Some.Answer([.. text, .. "more"u8])).Passed);
    }).Check(Fixed);

    private static (Check Check, bool Truth) Tree(Random random, double[] scores, int depth)
    {
        switch (random.Next(depth < 4 ? 7 : 3))
        {
            case 0:
                var pattern = random.Next(2) == 0 ? "x" : "y";
                return (Some.Regex(pattern), pattern == "x");
            case 1 or 2:
                var (leaf, _, truth) = Leaf(random, scores);
                return (leaf, truth);
            case 3:
                var all = Members(random, scores, depth);
                return (CheckFactory.All([.. all.Select(member => member.Check)], out _)!, all.All(member => member.Truth));
            case 4:
                var any = Members(random, scores, depth);
                return (CheckFactory.Any([.. any.Select(member => member.Check)], out _)!, any.Any(member => member.Truth));
            case 5:
                var (inner, isTrue) = Tree(random, scores, depth + 1);
                return (CheckFactory.Not(inner, out _)!, !isTrue);
            default:
                var (check, mean, atLeast) = Scored(random, scores, depth);
                return (check, mean >= atLeast - 1e-9);
        }
    }

    private static List<(Check Check, bool Truth)> Members(Random random, double[] scores, int depth) =>
        [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Tree(random, scores, depth + 1))];

    private static (Check Check, double Mean, double AtLeast) Scored(Random random, double[] scores, int depth)
    {
        var parts = new List<(WeightedCheck Part, double Score)>();
        for (var i = 0; i <= random.Next(3); i++)
        {
            var weight = 1 + random.Next(3);
            switch (random.Next(3))
            {
                case 0:
                    var (leaf, score, _) = Leaf(random, scores);
                    parts.Add((new(weight, leaf), score));
                    break;
                case 1 when depth < 4:
                    var (inner, mean, _) = Scored(random, scores, depth + 1);
                    parts.Add((new(weight, inner), mean));
                    break;
                default:
                    var (check, truth) = Some.Regex("x") is var regex && random.Next(2) == 0 ? (regex, true) : (CheckFactory.Not(regex, out _)!, false);
                    parts.Add((new(weight, check), truth ? 1 : 0));
                    break;
            }
        }
        var atLeast = random.Next(11) / 10.0;
        var total = parts.Sum(part => part.Part.Weight);
        return (CheckFactory.Score(atLeast, [.. parts.Select(part => part.Part)], out _)!, parts.Sum(part => part.Part.Weight * part.Score) / total, atLeast);
    }

    private static (Check Check, double Score, bool Truth) Leaf(Random random, double[] scores)
    {
        var index = random.Next(scores.Length);
        var check = CheckFactory.Verifier(new Rung.Core.Verifiers.AskedVerifier($"v{index}"), 0.5, passUnavailable: false, out _)!;
        return (check, scores[index], scores[index] >= 0.5);
    }

    private static Check Lengths(Random random, int depth) => random.Next(depth < 3 ? 4 : 1) switch
    {
        1 => CheckFactory.All([Lengths(random, depth + 1), Lengths(random, depth + 1)], out _)!,
        2 => CheckFactory.Any([Lengths(random, depth + 1), Lengths(random, depth + 1)], out _)!,
        3 => random.Next(2) == 0 ? Some.Regex("a") : CheckFactory.Not(Lengths(random, depth + 1), out _)!,
        _ => Some.Length(random.Next(3), 3 + random.Next(6)),
    };
}
