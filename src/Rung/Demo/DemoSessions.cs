namespace Rung.Demo;

/// <summary>Every session of the demo, by number: the three workloads in turn.</summary>
internal static class DemoSessions
{
    /// <summary>How many workloads there are.</summary>
    public const int Workloads = 3;

    private static readonly Dictionary<string, DemoJob> s_byInstruction =
        ResearchJobs.All.Concat(CodingJobs.All).Concat(SupportJobs.All).ToDictionary(job => job.Instruction, StringComparer.Ordinal);

    /// <summary>Session of a number, from 0: the same for the same seed.</summary>
    public static DemoSession Of(long seed, int number) => (number % Workloads) switch
    {
        0 => ResearchJobs.Session(seed, number / Workloads),
        1 => CodingJobs.Session(seed, number / Workloads),
        _ => SupportJobs.Session(seed, number / Workloads),
    };

    /// <summary>The job that a system message asks for; null when it is none of the demo's.</summary>
    public static DemoJob? JobOf(string instruction) => s_byInstruction.GetValueOrDefault(instruction);
}
