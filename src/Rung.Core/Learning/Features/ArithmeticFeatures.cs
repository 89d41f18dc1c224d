namespace Rung.Core.Learning.Features;

/// <summary>Whether the numbers of an answer hold together: calculations recomputed, the result among them, the prompt's numbers used.</summary>
internal static class ArithmeticFeatures
{
    // Numbers that a calculation may bring along without having been given them: counts, hours, days, percent.
    private static readonly double[] s_common = [0, 1, 2, 3, 4, 5, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000];

    public static void Write(TextFacts prompt, TextFacts answer, FinalAnswer final, FeatureSheet sheet)
    {
        var equations = EquationReader.Find(answer.Text, answer.Numbers);
        var given = prompt.Numbers.Select(number => Math.Abs(number.Value)).Concat(PromptFeatures.NumberWords(prompt)).ToList();
        WriteEquations(equations, sheet);
        WriteFlow(prompt, answer, equations, given, final, sheet);
        WriteFinal(prompt, answer, equations, given, final, sheet);
    }

    private static void WriteEquations(List<Equation> equations, FeatureSheet sheet)
    {
        if (equations.Count == 0) return;
        var wrong = equations.Count(equation => !equation.IsRight);
        var results = equations.Select(equation => equation.Result).ToArray();
        sheet.Log(Feature.Equations, equations.Count);
        sheet.Log(Feature.Annotations, equations.Count(equation => equation.IsAnnotation));
        sheet.Log(Feature.WrongEquations, wrong);
        sheet.Share(Feature.WrongShare, wrong, equations.Count);
        sheet.Flag(Feature.LastEquationWrong, !equations[^1].IsRight);
        sheet.Log(Feature.UnfinishedEquations, equations.Count(equation => double.IsNaN(equation.Right)));
        sheet.Log(Feature.RoundedResults, equations.Count(equation => equation.IsRounded));
        sheet.Log(Feature.FractionalResults, results.Count(result => !TextNumber.Same(result, Math.Round(result))));
        sheet.Log(Feature.NegativeResults, results.Count(result => result < 0));
        sheet.Log(Feature.LargestResult, results.Max(Math.Abs));
        sheet.Log(Feature.LastResultMagnitude, Math.Abs(results[^1]));
        sheet[Feature.MagnitudeJump] = Enumerable.Range(1, results.Length - 1).Select(i => Math.Abs(Magnitude(results[i]) - Magnitude(results[i - 1]))).DefaultIfEmpty(0).Max();
        sheet.Log(Feature.DistinctResults, results.Distinct().Count());
        sheet.Log(Feature.RepeatedEquations, equations.Count - equations.Select(equation => (equation.Left, string.Join(' ', equation.Operands), equation.Operators)).Distinct().Count());
        sheet.Log(Feature.PercentSteps, equations.Count(equation => equation.HasPercent));
        sheet.Log(Feature.OperandsOne, equations.Count(equation => equation.Operands.Contains(1)));

        var operators = string.Concat(equations.Select(equation => equation.Operators));
        sheet.Log(Feature.Additions, operators.Count(sign => sign == '+'));
        sheet.Log(Feature.Subtractions, operators.Count(sign => sign == '-'));
        sheet.Log(Feature.Multiplications, operators.Count(sign => sign == '*'));
        sheet.Log(Feature.Divisions, operators.Count(sign => sign == '/'));
        sheet[Feature.OperationKinds] = operators.Distinct().Count();
        sheet.Log(Feature.LongChains, equations.Count(equation => equation.Operators.Length >= 3));
        sheet[Feature.LastOperation] = equations[^1].Operators.Length == 0 ? 0 : 1 + "+-*/".IndexOf(equations[^1].Operators[^1], StringComparison.Ordinal);
    }

    // Where the operands come from, and whether results are gone on with.
    private static void WriteFlow(TextFacts prompt, TextFacts answer, List<Equation> equations, List<double> given, FinalAnswer final, FeatureSheet sheet)
    {
        int unsupported = 0, operands = 0, reused = 0;
        for (var i = 0; i < equations.Count; i++)
        {
            foreach (var operand in equations[i].Operands)
            {
                operands++;
                var isResult = false;
                for (var j = i - 1; j >= 0 && !isResult; j--) isResult = TextNumber.Same(equations[j].Result, operand) || TextNumber.Same(Math.Abs(equations[j].Result), operand);
                if (isResult) reused++;
                else if (!IsGiven(operand, given) && Array.IndexOf(s_common, operand) < 0) unsupported++;
            }
        }
        sheet.Log(Feature.UnsupportedOperands, unsupported);
        sheet.Share(Feature.UnsupportedShare, unsupported, operands);
        sheet.Log(Feature.ReusedResults, reused);

        var finalValue = FinalNumber(answer, final)?.Value ?? double.NaN;
        var unused = 0;
        for (var i = 0; i < equations.Count; i++)
        {
            var result = equations[i].Result;
            var isUsed = TextNumber.Same(result, finalValue);
            for (var j = i + 1; j < equations.Count && !isUsed; j++) isUsed = equations[j].Operands.Any(operand => TextNumber.Same(operand, Math.Abs(result))) || TextNumber.Same(equations[j].Result, result);
            if (!isUsed) unused++;
        }
        sheet.Log(Feature.UnusedResults, unused);

        var distinct = prompt.Numbers.Select(number => Math.Abs(number.Value)).Distinct().ToArray();
        var used = distinct.Count(value => answer.Numbers.Exists(number => TextNumber.Same(Math.Abs(number.Value), value)));
        sheet.Share(Feature.PromptNumbersUsed, used, distinct.Length);
        sheet.Log(Feature.PromptNumbersUnused, distinct.Length - used);
        sheet[Feature.EquationsToPromptNumbers] = Math.Log((1.0 + equations.Count) / (1 + given.Count));
    }

    private static void WriteFinal(TextFacts prompt, TextFacts answer, List<Equation> equations, List<double> given, FinalAnswer final, FeatureSheet sheet)
    {
        sheet.Flag(Feature.HasFinalMark, final.Mark == FinalMark.Hash);
        sheet.Flag(Feature.HasAnswerIs, final.Mark == FinalMark.Said);
        sheet.Flag(Feature.HasBoxed, final.Mark == FinalMark.Boxed);
        if (FinalNumber(answer, final) is not { } number) return;

        var value = number.Value;
        var largest = prompt.Numbers.Count > 0 ? prompt.Numbers.Max(one => Math.Abs(one.Value)) : 0;
        sheet.Flag(Feature.HasFinalNumber, final.Mark != FinalMark.None);
        sheet.Flag(Feature.FinalIsFraction, !TextNumber.Same(value, Math.Round(value)));
        sheet.Flag(Feature.FinalIsNegative, value < 0);
        sheet.Flag(Feature.FinalIsZero, value == 0);
        sheet[Feature.FinalMagnitude] = Magnitude(value);
        sheet[Feature.FinalToLargestPrompt] = Magnitude(value) - Magnitude(largest);
        sheet.Flag(Feature.FinalInPrompt, IsGiven(Math.Abs(value), given));
        sheet.Flag(Feature.FinalEqualsLastResult, equations.Count > 0 && TextNumber.Same(equations[^1].Result, value));
        sheet.Flag(Feature.FinalIsAResult, equations.Exists(equation => TextNumber.Same(equation.Result, value)));
        sheet.Flag(Feature.FinalEqualsLastNumber, LastBefore(answer, number) is { } before && TextNumber.Same(before, value));
        sheet.Flag(Feature.FinalIsMoney, number.IsMoney);
        sheet.Flag(Feature.FinalIsRound, value != 0 && value % 10 == 0);
        sheet.Log(Feature.TextAfterFinal, answer.Text.AsSpan(number.End).Trim().Length);
        // "How many" is answered by a whole number that is not negative.
        var isCount = prompt.Has("how many") && !prompt.Has("how many times", "average", "percent", "how many hours", "how many pounds", "how many gallons", "how many liters");
        sheet.Flag(Feature.FinalFitsQuestion, !isCount || (value >= 0 && TextNumber.Same(value, Math.Round(value))));
    }

    /// <summary>The number that the answer states as its result: behind the mark, else the last one.</summary>
    private static TextNumber? FinalNumber(TextFacts answer, FinalAnswer final)
    {
        if (answer.Numbers.Count == 0) return null;
        if (final.At < 0) return answer.Numbers[^1];
        foreach (var number in answer.Numbers)
        {
            if (number.Start >= final.At) return number.Start - final.At <= 40 ? number : null;
        }
        return null;
    }

    private static double? LastBefore(TextFacts answer, TextNumber final)
    {
        for (var i = answer.Numbers.Count - 1; i >= 0; i--)
        {
            if (answer.Numbers[i].End <= final.Start) return answer.Numbers[i].Value;
        }
        return null;
    }

    private static bool IsGiven(double value, List<double> given)
    {
        foreach (var known in given)
        {
            if (TextNumber.Same(known, value) || TextNumber.Same(known / 100, value)) return true;
        }
        return false;
    }

    private static double Magnitude(double value) => Math.Log10(1 + Math.Abs(value));
}
