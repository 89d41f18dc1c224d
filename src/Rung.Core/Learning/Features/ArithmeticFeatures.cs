namespace Rung.Core.Learning.Features;

/// <summary>Whether the numbers of an answer hold together: calculations recomputed, the result among them, the prompt's numbers used.</summary>
internal static class ArithmeticFeatures
{
    // Numbers that a calculation may bring along without having been given them: counts, hours, days, percent.
    private static readonly double[] s_common = [0, 1, 2, 3, 4, 5, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000];

    private const string Signs = "+-*/";

    public static void Write(TextFacts prompt, List<double> numberWords, TextFacts answer, FinalAnswer final, FeatureSheet sheet)
    {
        var equations = EquationReader.Find(answer.Text, answer.Numbers);
        var given = new List<double>(prompt.Numbers.Count + numberWords.Count);
        foreach (var number in prompt.Numbers) given.Add(Math.Abs(number.Value));
        given.AddRange(numberWords);
        WriteEquations(equations, sheet);
        WriteFlow(prompt, answer, equations, given, final, sheet);
        WriteFinal(prompt, answer, equations, given, final, sheet);
    }

    private static void WriteEquations(List<Equation> equations, FeatureSheet sheet)
    {
        if (equations.Count == 0) return;
        int wrong = 0, annotations = 0, unfinished = 0, rounded = 0, percents = 0, ones = 0, chains = 0, fractions = 0, negatives = 0, distinct = 0, repeated = 0;
        double largest = 0, jump = 0;
        Span<int> operators = stackalloc int[4];
        operators.Clear();
        for (var i = 0; i < equations.Count; i++)
        {
            var equation = equations[i];
            wrong += equation.IsRight ? 0 : 1;
            annotations += equation.IsAnnotation ? 1 : 0;
            unfinished += double.IsNaN(equation.Right) ? 1 : 0;
            rounded += equation.IsRounded ? 1 : 0;
            percents += equation.HasPercent ? 1 : 0;
            ones += equation.Operands.AsSpan().Contains(1) ? 1 : 0;
            chains += equation.Operators.Length >= 3 ? 1 : 0;
            foreach (var sign in equation.Operators) operators[Signs.IndexOf(sign, StringComparison.Ordinal)]++;

            var result = equation.Result;
            fractions += TextNumber.Same(result, Math.Round(result)) ? 0 : 1;
            negatives += result < 0 ? 1 : 0;
            largest = Math.Max(largest, Math.Abs(result));
            if (i > 0) jump = Math.Max(jump, Math.Abs(Magnitude(result) - Magnitude(equations[i - 1].Result)));
            bool isNew = true, isRepeated = false;
            for (var j = 0; j < i; j++)
            {
                isNew &= !equations[j].Result.Equals(result);
                isRepeated |= equations[j].IsSameCalculation(equation);
            }
            distinct += isNew ? 1 : 0;
            repeated += isRepeated ? 1 : 0;
        }
        var last = equations[^1];
        sheet.Log(Feature.Equations, equations.Count);
        sheet.Log(Feature.Annotations, annotations);
        sheet.Log(Feature.WrongEquations, wrong);
        sheet.Share(Feature.WrongShare, wrong, equations.Count);
        sheet.Flag(Feature.LastEquationWrong, !last.IsRight);
        sheet.Log(Feature.UnfinishedEquations, unfinished);
        sheet.Log(Feature.RoundedResults, rounded);
        sheet.Log(Feature.FractionalResults, fractions);
        sheet.Log(Feature.NegativeResults, negatives);
        sheet.Log(Feature.LargestResult, largest);
        sheet.Log(Feature.LastResultMagnitude, Math.Abs(last.Result));
        sheet[Feature.MagnitudeJump] = jump;
        sheet.Log(Feature.DistinctResults, distinct);
        sheet.Log(Feature.RepeatedEquations, repeated);
        sheet.Log(Feature.PercentSteps, percents);
        sheet.Log(Feature.OperandsOne, ones);
        sheet.Log(Feature.Additions, operators[0]);
        sheet.Log(Feature.Subtractions, operators[1]);
        sheet.Log(Feature.Multiplications, operators[2]);
        sheet.Log(Feature.Divisions, operators[3]);
        sheet[Feature.OperationKinds] = 4 - operators.Count(0);
        sheet.Log(Feature.LongChains, chains);
        sheet[Feature.LastOperation] = last.Operators.Length == 0 ? 0 : 1 + Signs.IndexOf(last.Operators[^1], StringComparison.Ordinal);
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
            for (var j = i + 1; j < equations.Count && !isUsed; j++) isUsed = Contains(equations[j].Operands, Math.Abs(result)) || TextNumber.Same(equations[j].Result, result);
            if (!isUsed) unused++;
        }
        sheet.Log(Feature.UnusedResults, unused);

        // The prompt's numbers in figures come first among those given.
        int distinct = 0, used = 0;
        for (var i = 0; i < prompt.Numbers.Count; i++)
        {
            if (given.IndexOf(given[i]) < i) continue;
            distinct++;
            used += IsIn(answer, given[i]) ? 1 : 0;
        }
        sheet.Share(Feature.PromptNumbersUsed, used, distinct);
        sheet.Log(Feature.PromptNumbersUnused, distinct - used);
        sheet[Feature.EquationsToPromptNumbers] = Math.Log((1.0 + equations.Count) / (1 + given.Count));
    }

    private static void WriteFinal(TextFacts prompt, TextFacts answer, List<Equation> equations, List<double> given, FinalAnswer final, FeatureSheet sheet)
    {
        sheet.Flag(Feature.HasFinalMark, final.Mark == FinalMark.Hash);
        sheet.Flag(Feature.HasAnswerIs, final.Mark == FinalMark.Said);
        sheet.Flag(Feature.HasBoxed, final.Mark == FinalMark.Boxed);
        if (FinalNumber(answer, final) is not { } number) return;

        var value = number.Value;
        double largest = 0;
        foreach (var one in prompt.Numbers) largest = Math.Max(largest, Math.Abs(one.Value));
        sheet.Flag(Feature.HasFinalNumber, final.Mark != FinalMark.None);
        sheet.Flag(Feature.FinalIsFraction, !TextNumber.Same(value, Math.Round(value)));
        sheet.Flag(Feature.FinalIsNegative, value < 0);
        sheet.Flag(Feature.FinalIsZero, value == 0);
        sheet[Feature.FinalMagnitude] = Magnitude(value);
        sheet[Feature.FinalToLargestPrompt] = Magnitude(value) - Magnitude(largest);
        sheet.Flag(Feature.FinalInPrompt, IsGiven(Math.Abs(value), given));
        sheet.Flag(Feature.FinalEqualsLastResult, equations.Count > 0 && TextNumber.Same(equations[^1].Result, value));
        var isResult = false;
        foreach (var equation in equations) isResult |= TextNumber.Same(equation.Result, value);
        sheet.Flag(Feature.FinalIsAResult, isResult);
        sheet.Flag(Feature.FinalEqualsLastNumber, LastBefore(answer, number) is { } before && TextNumber.Same(before, value));
        sheet.Flag(Feature.FinalIsMoney, number.IsMoney);
        sheet.Flag(Feature.FinalIsRound, value != 0 && value % 10 == 0);
        sheet.Log(Feature.TextAfterFinal, answer.Text.AsSpan(number.End).Trim().Length);
        // "How many" is answered by a whole number that is not negative.
        var isCount = prompt.Has(Feature.AsksHowMany) && !prompt.Has(Feature.FinalFitsQuestion);
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

    private static bool IsIn(TextFacts answer, double value)
    {
        foreach (var number in answer.Numbers)
        {
            if (TextNumber.Same(Math.Abs(number.Value), value)) return true;
        }
        return false;
    }

    private static bool Contains(double[] operands, double value)
    {
        foreach (var operand in operands)
        {
            if (TextNumber.Same(operand, value)) return true;
        }
        return false;
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
