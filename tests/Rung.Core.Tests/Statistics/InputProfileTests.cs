using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class InputProfileTests
{
    private static readonly string[] s_words =
    [
        "order", "invoice", "delivery", "customer", "report", "market", "growth", "paper", "result", "method", "system", "value", "table", "column", "price", "service",
        "account", "change", "request", "error", "answer", "question", "meeting", "team", "week", "month", "contract", "supplier", "battery", "engine", "study",
    ];

    private static readonly string[] s_others = ["pasta", "oven", "flour", "simmer", "garlic", "whisk", "butter", "recipe", "onion", "pepper"];

    [Fact]
    public void Inputs_of_the_same_kind_rarely_look_drifted()
    {
        var random = new Random(1);
        var alarms = Enumerable.Range(0, 200).Count(_ => Profile(random, 150, s_words).Against(Profile(random, 150, s_words)).IsDrifted);

        Assert.InRange(alarms, 0, 6); // One in a hundred is promised.
    }

    [Fact]
    public void Small_samples_of_the_same_kind_rarely_look_drifted_either()
    {
        var random = new Random(2);
        var alarms = Enumerable.Range(0, 200).Count(_ => Profile(random, 40, s_words).Against(Profile(random, 300, s_words)).IsDrifted);

        Assert.InRange(alarms, 0, 6);
    }

    [Fact]
    public void New_words_are_found()
    {
        var random = new Random(3);
        var drift = Profile(random, 150, s_words).Against(Profile(random, 150, [.. s_words, .. s_others]));

        Assert.True(drift.IsDrifted);
        Assert.Contains("words: ", drift.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Longer_inputs_another_language_and_more_tools_are_found()
    {
        var random = new Random(4);
        var then = Profile(random, 150, s_words);
        var longer = then.Against(Profile(random, 150, s_words, times: 3));
        var german = then.Against(Profile(random, 150, s_words, "Wie ist das mit der Rechnung und nicht mit dem Auftrag? "));
        var tools = then.Against(Profile(random, 150, s_words, tools: 5));

        Assert.Contains("length: ", longer.Words, StringComparison.Ordinal);
        Assert.Contains("German", german.Words, StringComparison.Ordinal);
        Assert.Contains("4 to 7 tools", tools.Words, StringComparison.Ordinal);
        Assert.All([longer, german, tools], drift => Assert.True(drift.IsDrifted && drift.Distance is > 0 and <= 1));
    }

    [Fact]
    public void Too_few_inputs_say_nothing()
    {
        var random = new Random(5);
        var drift = Profile(random, 10, s_words).Against(Profile(random, 500, s_others));

        Assert.False(drift.IsDrifted);
        Assert.Equal("too few inputs to compare: 10 then and 500 now; 30 are needed on both sides", drift.Words);
    }

    [Fact]
    public void A_profile_survives_its_own_JSON_and_holds_no_text()
    {
        var random = new Random(6);
        var profile = Profile(random, 60, s_words);
        var json = profile.ToJson();

        Assert.DoesNotContain("invoice", json, StringComparison.Ordinal);
        Assert.Equal(json, InputProfile.Parse(json)!.ToJson());
        Assert.False(profile.Against(InputProfile.Parse(json)!).IsDrifted);
        Assert.Equal(0, profile.Against(profile).Distance, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"version":2,"count":1,"lengths":[],"languages":[],"tools":[],"terms":[]}""")]
    [InlineData("""{"version":1,"count":1,"lengths":[1],"languages":[1],"tools":[1],"terms":[1]}""")]
    public void What_is_no_profile_is_none(string json) => Assert.Null(InputProfile.Parse(json));

    [Theory]
    [InlineData("What is the weather in Oslo and how do you know?", "English")]
    [InlineData("Die Rechnung ist nicht für mich und das Paket auch nicht.", "German")]
    [InlineData("Le colis est pour vous et la facture est dans le sac.", "French")]
    [InlineData("Где мой заказ?", "Cyrillic")]
    [InlineData("注文はどこですか", "Kana")]
    [InlineData("我的订单在哪里", "Han")]
    [InlineData("12 + 30 = ?", "none")]
    public void The_language_is_guessed(string text, string language)
    {
        var other = new InputProfileBuilder();
        for (var i = 0; i < 40; i++) other.Add(text, 0);
        var hebrew = new InputProfileBuilder();
        for (var i = 0; i < 40; i++) hebrew.Add("איפה ההזמנה שלי", 0);

        Assert.Contains($"language: {language} 0 % of the inputs then, 100 % now", hebrew.Build().Against(other.Build()).Words, StringComparison.Ordinal);
    }

    private static InputProfile Profile(Random random, int inputs, string[] words, string before = "What is the state of this and how do we go on? ", int tools = 0, int times = 1)
    {
        var builder = new InputProfileBuilder();
        for (var i = 0; i < inputs; i++)
        {
            var count = times * random.Next(5, 30);
            builder.Add(before + string.Join(' ', Enumerable.Range(0, count).Select(_ => words[random.Next(words.Length)])), tools);
        }
        return builder.Build();
    }
}
