using System.Globalization;
using Rung.Demo.Traces;

namespace Rung.Demo.Outcomes;

/// <summary>Made-up sums about orders: a number is the answer.</summary>
internal static class OrderSums
{
    public const string Source = "order-sums";

    private static readonly string[] s_asides =
    [
        "The parcel goes to {city}.", "{name} pays by card.", "The order was made on {date}.", "A {product} was looked at as well, and not bought.", "The customer has the number {order}.", "{name} packs it.",
        "The shop is in {city}.", "The {product} is sold out until {date}.", "It rains in {city}.", "The bill goes to {name}.",
    ];

    /// <summary>The next sum.</summary>
    public static MadeUpQuestion Next(ref DemoChance chance)
    {
        var (price, count, back, sending) = (chance.Between(7, 90), chance.Between(3, 24), chance.Between(1, 2), chance.Between(2, 19));
        var (story, steps, total) = chance.Between(0, 3) switch
        {
            0 => ($"A {{product}} costs ${price}. {{name}} orders {count} of them, sends {back} back, and pays ${sending} for delivery.",
                $"{count} - {back} = {count - back}. {count - back} x {price} = {(count - back) * price}. Plus {sending} for delivery.", ((count - back) * price) + sending),
            1 => ($"{{name}} orders {count} times a {{product}} for ${price} each. For orders of more than ten the delivery of ${sending} is free.",
                $"{count} x {price} = {count * price}. Delivery is {(count > 10 ? "free" : $"{sending}")}.", (count * price) + (count > 10 ? 0 : sending)),
            2 => ($"A box holds {count} pieces and costs ${price}. {{name}} in {{city}} takes {back + 2} boxes and gets ${sending} off the bill.",
                $"{back + 2} x {price} = {(back + 2) * price}. Less {sending}.", ((back + 2) * price) - sending),
            _ => ($"{{name}} buys a {{product}} for ${price * 2} and {count} small parts for ${sending} each, and has a voucher of ${price}.",
                $"{count} x {sending} = {count * sending}. Plus {price * 2} makes {(count * sending) + (price * 2)}. Less {price}.", (count * sending) + price),
        };
        List<string> parts = chance.Between(0, 1) == 0 ? [chance.Pick(s_asides), story, chance.Pick(s_asides)] : [story, chance.Pick(s_asides), chance.Pick(s_asides)];
        var prompt = TraceText.Fill(string.Join(' ', parts), ref chance) + " What is the bill in dollars? End with the number.";
        return new MadeUpQuestion(Source, prompt, Number(total), (bool isWordy, bool isRight, ref DemoChance said) =>
        {
            var result = Number(isRight ? total : total + (said.Between(0, 1) == 0 ? -sending : said.Between(1, price)));
            return isWordy ? $"Step by step: {steps} So the bill is ${result}." : $"The bill is ${result}.";
        });
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
