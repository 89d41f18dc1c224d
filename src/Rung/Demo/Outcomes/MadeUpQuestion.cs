namespace Rung.Demo.Outcomes;

/// <summary>A made-up prompt with its right answer, and what a model says that is right or wrong about it.</summary>
/// <param name="Source">The job it belongs to.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Gold">The right answer.</param>
/// <param name="Say">Writes an answer: of a wordy model or not, right or wrong.</param>
internal sealed record MadeUpQuestion(string Source, string Prompt, string Gold, MadeUpQuestion.Speak Say)
{
    /// <summary>Writes an answer.</summary>
    public delegate string Speak(bool isWordy, bool isRight, ref DemoChance chance);
}
