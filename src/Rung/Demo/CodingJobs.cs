namespace Rung.Demo;

/// <summary>A coding agent: a planner, eight worker steps, a critic.</summary>
internal static class CodingJobs
{
    private const string Task = "Task: ";

    private static readonly string[] s_tables = ["invoice", "shipment", "refund", "customer_order", "contract", "payment"];
    private static readonly string[] s_columns = ["amount", "due", "state", "owner", "created", "reference"];

    private static readonly DemoJob s_plan = new()
    {
        Tag = "plan-change", Role = "planner", MaxTokens = 1200,
        Instruction = "You plan a change to a code base. Read the task and the files, find everything that the change touches, and write the steps for workers who see "
            + "one file each: what to edit, what to test, in which order, and how to go back. Name the risks first.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            return $"Risks first: readers of the old name.\n1. Rename in the database.\n2. Edit the three callers.\n3. Tests.\n4. Docs.\n{DemoText.Prose(ref chance, 2600)}";
        },
    };

    private static readonly DemoJob s_rename = new()
    {
        Tag = "rename-column", Role = "worker", MaxTokens = 300,
        Instruction = "Write the SQL statement that renames a column, and the one that undoes it, for PostgreSQL. SQL only, one statement a line, comments allowed.",
        Answer = prompt => $"-- forward\nALTER TABLE {DemoText.Field(prompt, "Table: ")} RENAME COLUMN {DemoText.Field(prompt, "From: ")} TO {DemoText.Field(prompt, "To: ")};\n"
            + $"-- back\nALTER TABLE {DemoText.Field(prompt, "Table: ")} RENAME COLUMN {DemoText.Field(prompt, "To: ")} TO {DemoText.Field(prompt, "From: ")};",
        Faults = [SimulatedFault.Evasive],
    };

    private static readonly DemoJob s_edit = new()
    {
        Tag = "edit-file", Role = "worker", MaxTokens = 900,
        Instruction = "Make the change in the file. Reply with a unified diff against the file as given, with three lines of context, and nothing else. Change only what "
            + "the task needs; keep the style of the file.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            var file = DemoText.Field(prompt, "File: ");
            var hunks = Enumerable.Range(1, 4).Select(i => $"@@ -{i * 40},6 +{i * 40},6 @@\n{DemoText.Code(ref chance, 380)}");
            return $"--- a/{file}\n+++ b/{file}\n{string.Join('\n', hunks)}";
        },
        Faults = [SimulatedFault.Evasive, SimulatedFault.RunsOn],
    };

    private static readonly DemoJob s_test = new()
    {
        Tag = "write-test", Role = "worker", MaxTokens = 800,
        Instruction = "Write xunit tests for the change in the file: the normal case, the border, the failure. Every test asserts on a result. C# only.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            return $"[Fact]\npublic void The_new_name_reads_what_the_old_one_wrote()\n{{\n{DemoText.Code(ref chance, 1400)}    Assert.Equal(42m, total);\n}}";
        },
        Faults = [SimulatedFault.Evasive, SimulatedFault.RunsOn],
    };

    private static readonly DemoJob s_docs = new()
    {
        Tag = "update-docs", Role = "worker", MaxTokens = 500,
        Instruction = "Update the page for the change: the new name, since which version, what readers of the old name must do. Plain Markdown, no more than needed.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            return $"## {DemoText.Field(prompt, Task)}\n{DemoText.Prose(ref chance, 700)}";
        },
        Faults = [SimulatedFault.RunsOn],
    };

    private static readonly DemoJob s_review = new()
    {
        Tag = "review-change", Role = "critic", MaxTokens = 32,
        Instruction = "Hold the change against the list: it builds, it is tested, nothing else is changed, the way back is written. Answer pass or fail, one word.",
        Answer = prompt => new DemoChance(0, prompt).Share() < 0.9 ? "pass" : "fail",
        Faults = [SimulatedFault.NotAllowed],
    };

    public static IReadOnlyList<DemoJob> All { get; } = [s_plan, s_rename, s_edit, s_test, s_docs, s_review];

    /// <summary>Session of a number.</summary>
    public static DemoSession Session(long seed, int number)
    {
        var id = $"coding-{number:0000}";
        var chance = new DemoChance(seed, id);
        var table = chance.Pick(s_tables);
        var column = chance.Pick(s_columns);
        var head = $"{Task}rename {table}.{column}\nCase: {id}/{seed}\n";
        return new DemoSession(id,
        [
            new(s_plan, 0, $"{head}Files:\n{DemoText.Code(ref chance, chance.Between(10_000, 14_000))}"),
            new(s_rename, 1, $"{head}Table: {table}\nFrom: {column}\nTo: {column}_value\nSchema:\n{DemoText.Code(ref chance, 4200)}"),
            new(s_rename, 1, $"{head}Table: {table}_archive\nFrom: {column}\nTo: {column}_value\nSchema:\n{DemoText.Code(ref chance, 4200)}"),
            new(s_edit, 1, $"{head}File: src/{table}/reader.cs\n{DemoText.Code(ref chance, chance.Between(12_000, 16_000))}"),
            new(s_edit, 1, $"{head}File: src/{table}/writer.cs\n{DemoText.Code(ref chance, chance.Between(12_000, 16_000))}"),
            new(s_edit, 2, $"{head}File: src/{table}/report.cs\n{DemoText.Code(ref chance, chance.Between(12_000, 16_000))}"),
            new(s_test, 2, $"{head}File: tests/{table}/reader.cs\n{DemoText.Code(ref chance, chance.Between(9000, 12_000))}"),
            new(s_test, 2, $"{head}File: tests/{table}/writer.cs\n{DemoText.Code(ref chance, chance.Between(9000, 12_000))}"),
            new(s_docs, 2, $"{head}Page:\n{DemoText.Prose(ref chance, 4000)}"),
            new(s_review, 3, $"{head}Change:\n{DemoText.Code(ref chance, chance.Between(12_000, 16_000))}"),
        ]);
    }
}
