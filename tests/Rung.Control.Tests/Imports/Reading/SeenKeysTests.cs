using Rung.Control.Imports.Reading;

namespace Rung.Control.Tests.Imports.Reading;

public class SeenKeysTests
{
    [Fact]
    public void A_million_keys_that_differ_in_one_place_are_a_million_keys()
    {
        var seen = new SeenKeys();
        for (var i = 0; i < 1_000_000; i++) Assert.True(seen.Add("otlp", i.ToString("x8")));

        Assert.False(seen.Add("otlp", "000f423f"));
        Assert.True(seen.Add("litellm", "000f423f"));
    }
}
