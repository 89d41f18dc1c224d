using Rung.Demo.Traces;

namespace Rung.Demo.Outcomes;

/// <summary>Made-up messages of customers that are to be sorted: one word is the answer.</summary>
internal static class MessageSorting
{
    public const string Source = "classify-intent";

    private static readonly string[] s_labels = ["refund", "delivery", "cancel", "invoice", "damage", "question"];

    private static readonly string[][] s_problems =
    [
        [
            "I sent the {product} back on {date} and the money has not come", "please pay me back for the {product}, it was the wrong size", "you charged me twice for the {product} and I want one of them back",
            "where is my refund for order {order}", "the {product} was cheaper a day later, so I would like the difference returned", "I returned it in {city} and still wait for the repayment",
        ],
        [
            "the {product} was to arrive on {date} and nothing came", "the courier in {city} says that nobody was home, but I was", "tracking of {order} has not moved for a week",
            "my parcel went to {city} instead of my address", "when will the {product} be here", "half of order {order} arrived, where is the rest",
        ],
        [
            "please stop order {order}, I no longer need it", "I ordered the {product} by mistake, do not send it", "I want to call off the subscription for the {product}",
            "take the {product} out of my order before it ships", "we are moving to {city}, so please end our contract on {date}", "cancel everything that I ordered on {date}",
        ],
        [
            "my accountant needs the bill for {order} with the tax number", "the invoice of {date} names the wrong company", "send me a receipt for the {product}",
            "the total on the bill is not what I paid for the {product}", "I need all invoices since {date} as one file", "please put {name} on the invoice instead of me",
        ],
        [
            "the {product} came with a crack from side to side", "the box of the {product} was wet and so is what was in it", "the {product} does not switch on",
            "one part of the {product} is missing its screws and the other is bent", "it broke on the first day in {city}", "the {product} smells burnt when I use it",
        ],
        [
            "does the {product} fit into a small flat", "is the {product} made for rain", "which of the two kinds of {product} is lighter", "do you have a shop in {city}",
            "can the {product} be washed", "will there be a new {product} before {date}",
        ],
    ];

    private static readonly string[] s_openings =
    [
        "Hello, my name is {name}.", "Good morning from {city}.", "Hi there,", "I am writing for the second time.", "Dear team, {name} told me to write to you.", "I have been a customer since {date}.",
        "Sorry to bother you on a weekend.", "This is about order {order}.", "My neighbour {name} recommended you.", "I could not get through by telephone.",
    ];

    private static readonly string[] s_asides =
    [
        "I had bought the {product} as a present for {name}.", "It is not the first thing that I have ordered, there was also a {product}.", "We live in {city} and are away until {date}.",
        "The woman at your counter in {city} was very kind, by the way.", "I paid on {date} with my usual card.", "Last year I had a {product} from you and all went well.", "My order has the number {order}.",
        "{name} in your team knows about it.", "I have looked at your pages and did not find it there.", "The weather in {city} does not help either.", "My brother says that a {product} would have been the better choice.",
    ];

    private static readonly string[] s_closings =
    [
        "Thank you, {name}", "Please answer before {date}.", "I hope to hear from you soon.", "Best wishes from {city}", "You can call me on any day but {date}.", "Yours, {name}", "Thanks a lot!", "I look forward to your answer, {name}, {city}",
    ];

    /// <summary>The next message.</summary>
    public static MadeUpQuestion Next(ref DemoChance chance)
    {
        var label = chance.Between(0, s_labels.Length - 1);
        var parts = new List<string> { chance.Pick(s_openings) };
        for (var i = chance.Between(0, 2); i > 0; i--) parts.Add(chance.Pick(s_asides));
        parts.Add(Sentence(chance.Pick(s_problems[label])));
        for (var i = chance.Between(0, 2); i > 0; i--) parts.Add(chance.Pick(s_asides));
        parts.Add(chance.Pick(s_closings));
        var message = TraceText.Fill(string.Join(' ', parts), ref chance);
        var prompt = $"What does this customer want? Answer with one word: {string.Join(", ", s_labels)}.\n\n{message}";
        return new MadeUpQuestion(Source, prompt, s_labels[label], (bool _, bool isRight, ref DemoChance said) =>
            isRight ? s_labels[label] : s_labels[(label + said.Between(1, s_labels.Length - 1)) % s_labels.Length]);
    }

    private static string Sentence(string problem) => $"{char.ToUpperInvariant(problem[0])}{problem[1..]}.";
}
