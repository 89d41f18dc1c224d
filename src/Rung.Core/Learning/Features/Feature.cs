namespace Rung.Core.Learning.Features;

/// <summary>
/// What a trained verifier looks at, beside hashed words: one number each. Model files name them, in <c>snake_case</c>: add at the end, and count
/// <see cref="AnswerFeatures.Version"/> up when one comes or changes its meaning. "log" is the natural logarithm of one plus the count.
/// </summary>
internal enum Feature : short
{
    // Surface of the prompt.
    PromptChars, PromptWords, PromptSentences, PromptQuestionMarks, PromptLines, PromptNumbers, PromptNumberWords, PromptMoney, PromptPercents,
    PromptDecimals, PromptLargestNumber, PromptFractions, PromptCapitals, PromptMeanWordLength, PromptCodeMarks, PromptMathMarks, PromptBlanks,
    // Wording of the prompt.
    AsksHowMany, AsksHowMuch, AsksPercent, AsksTotal, AsksDifference, AsksAverage, AsksWhich, AsksWhy, AsksNot, SaysEach, SaysPer, SaysTimes, SaysMoreLess,
    SaysHalf, SaysIf, SaysRemaining, SaysEvery, SaysFirstSecond, SaysTimeUnits, SaysConjunctions,
    // Surface of the answer.
    AnswerChars, AnswerWords, AnswerSentences, AnswerLines, AnswerNumbers, AnswerDigitShare, AnswerCapitalShare, AnswerMeanWordLength, AnswerToPromptLength,
    AnswerIsEmpty, AnswerQuestionMarks, AnswerParagraphs, AnswerListItems, AnswerStepWords, AnswerCodeMarks, AnswerBold, AnswerNonAscii, AnswerStartsLower,
    EndsInMark, EndsInMidSentence, UnclosedBrackets, RanIntoLimit, RepeatedLines, RepeatedTrigrams, DistinctWordShare, LongestSentence, PromptWordsInAnswer,
    AnswerWordsInPrompt,
    // Doubt.
    DoubtWords, DoubtApproximate, DoubtAssume, DoubtCorrection, DoubtImpossible, DoubtNoOption, DoubtClosest, DoubtApology, SureWords, SaysThereforeSo,
    // Final answer.
    HasFinalMark, HasAnswerIs, HasBoxed, HasFinalNumber, FinalIsFraction, FinalIsNegative, FinalIsZero, FinalMagnitude, FinalToLargestPrompt,
    FinalInPrompt, FinalEqualsLastResult, FinalIsAResult, FinalEqualsLastNumber, FinalIsMoney, FinalIsRound, FinalFitsQuestion, TextAfterFinal,
    // Arithmetic.
    Equations, Annotations, WrongEquations, WrongShare, LastEquationWrong, UnfinishedEquations, RoundedResults, FractionalResults, NegativeResults,
    LargestResult, MagnitudeJump, ReusedResults, UnusedResults, PromptNumbersUsed, PromptNumbersUnused, UnsupportedOperands, UnsupportedShare,
    Additions, Subtractions, Multiplications, Divisions, OperationKinds, LongChains, EquationsToPromptNumbers, RepeatedEquations, DistinctResults,
    LastResultMagnitude, PercentSteps, OperandsOne, LastOperation,
    // Choice among options.
    Options, ChosenLetter, HasLetter, LettersSaid, LetterMentions, OtherLetterMentions, ChosenOverlap, BestOtherOverlap, OverlapRank, OptionNumbersShare,
    ChosenLengthRank, ChosenIsNoneOrAll, HasNoneOrAll, ComputedMatchesChosen, ComputedMatchesOther, ComputedMatchesNone, WordsBeforeChoice, OptionWords,
    OptionSimilarity, AnswerIsMentions,
    // Tool calls.
    ToolsDeclared, CallsMade, TextInsteadOfCall, CallsAndText, UndeclaredCalls, MissingRequired, UnknownArguments, WrongTypes, WrongEnums, EmptyArguments,
    BrokenArguments, ArgumentsGiven, ArgumentShare, OptionalGiven, ValuesInPrompt, ValuesShareInPrompt, NumbersUnplaced, SameFunctionCalls, DistinctFunctionsCalled,
    CallsToConjunctions, CallsToTools, DuplicateCalls, DefaultsGiven, SchemaDepth, DeclaredParameters, RequiredParameters, NameWordsInPrompt, BestOtherToolInPrompt,
    NestedArguments, StringsWithCode, LanguageTypes, DescriptionWords, ArgumentChars, EmptyStrings, DescriptionOverlap, QuestionWithoutCall,
}
