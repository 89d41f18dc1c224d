using System.Text.Json;

namespace Rung.Demo;

/// <summary>A support desk: four calls a ticket.</summary>
internal static class SupportJobs
{
    private static readonly string[] s_products = ["desk lamp", "kettle", "bicycle pump", "rain jacket", "headset", "water filter"];
    private static readonly string[] s_wishes = ["refund", "replacement", "repair", "information"];
    private static readonly string[] s_queues = ["billing", "delivery", "defect", "account"];

    private static readonly DemoJob s_classify = new()
    {
        Tag = "classify-ticket", Role = "worker", MaxTokens = 32,
        Instruction = "Which queue does the ticket belong to? Answer with one word: billing, delivery, defect or account.",
        Answer = prompt => new DemoChance(0, prompt).Pick(s_queues),
        OtherAnswers = s_queues,
        Faults = [SimulatedFault.NotAllowed],
    };

    private static readonly DemoJob s_redact = new()
    {
        Tag = "redact", Role = "worker", MaxTokens = 600,
        Instruction = "Copy the ticket and replace every name, mail address, phone number and street by a word in angle brackets, for example <mail>. Change nothing else.",
        Answer = prompt => prompt[(prompt.IndexOf("Text:", StringComparison.Ordinal) + 5)..].Replace(DemoText.Field(prompt, "From: "), "<mail>", StringComparison.Ordinal).Trim(),
        Faults = [SimulatedFault.LeavesMail],
    };

    private static readonly DemoJob s_extract = new()
    {
        Tag = "extract-fields", Role = "worker", MaxTokens = 300,
        Instruction = "Read the ticket and reply with JSON only: {\"order\": \"A-000000\", \"product\": \"...\", \"wish\": \"refund|replacement|repair|information\", "
            + "\"urgent\": true|false}.",
        Answer = prompt => JsonSerializer.Serialize(new
        {
            order = DemoText.Field(prompt, "Order: "), product = DemoText.Field(prompt, "Product: "), wish = DemoText.Field(prompt, "Wish: "),
            urgent = prompt.Contains("as soon as possible", StringComparison.Ordinal),
        }),
        Faults = [SimulatedFault.BrokenJson, SimulatedFault.WrongField],
    };

    private static readonly DemoJob s_draft = new()
    {
        Tag = "draft-reply", Role = "worker", MaxTokens = 700,
        Instruction = "Draft the reply to the customer: kind, short, in full sentences, with the order number and what happens next. No placeholders: a person sends it "
            + "with one click.",
        Answer = prompt =>
        {
            var chance = new DemoChance(0, prompt);
            return $"Hello,\n\nthank you for writing about order {DemoText.Field(prompt, "Order: ")}. We have noted your wish for a {DemoText.Field(prompt, "Wish: ")}.\n"
                + $"{DemoText.Prose(ref chance, 620)}\n\nKind regards,\nthe support desk";
        },
        Faults = [SimulatedFault.Placeholder, SimulatedFault.RunsOn], Replaced = 0.12,
    };

    public static IReadOnlyList<DemoJob> All { get; } = [s_classify, s_redact, s_extract, s_draft];

    /// <summary>The job that puts a ticket into a queue.</summary>
    public static DemoJob Classify => s_classify;

    /// <summary>Session of a number.</summary>
    public static DemoSession Session(long seed, int number)
    {
        var id = $"support-{number:0000}";
        var chance = new DemoChance(seed, id);
        var mail = $"customer{chance.Between(1000, 9999)}@example.com";
        var urgent = chance.Share() < 0.3 ? " Please answer as soon as possible." : "";
        var ticket = $"Case: {id}/{seed}\nFrom: {mail}\nOrder: A-{chance.Between(100_000, 999_999)}\nProduct: {chance.Pick(s_products)}\nWish: {chance.Pick(s_wishes)}\n"
            + $"Text: {DemoText.Prose(ref chance, chance.Between(500, 900))}{urgent} You reach me at {mail}.";
        return new DemoSession(id,
        [
            new(s_classify, 0, ticket),
            new(s_redact, 0, ticket),
            new(s_extract, 1, ticket),
            new(s_draft, 2, $"{ticket}\nEarlier replies:\n{DemoText.Prose(ref chance, chance.Between(3000, 4500))}"),
        ]);
    }
}
