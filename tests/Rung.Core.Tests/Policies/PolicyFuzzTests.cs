using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Rung.Core.Tests.Policies;

public class PolicyFuzzTests
{
    private const string Splinters = "&*!|>'\"%@`{}[],:#?-~\n\t \\\0\ud800\u0085xa1";

    [Fact]
    public void No_text_makes_the_compiler_throw() => Prop.ForAll(AnyPolicy.Seeds, seed =>
    {
        var random = new Random(seed);
        var text = new StringBuilder(SomePolicy.Full);
        for (var edits = 1 + random.Next(4); edits > 0; edits--)
        {
            var at = random.Next(text.Length);
            if (random.Next(3) == 0) text.Remove(at, Math.Min(text.Length - at, 1 + random.Next(30)));
            else text.Insert(at, Splinters[random.Next(Splinters.Length)].ToString(), 1 + random.Next(2));
        }

        var compilation = SomePolicy.Compile(text.ToString());

        Assert.Equal(compilation.Snapshot is null, !compilation.Faults.IsEmpty);
        Assert.All(compilation.Faults, fault => Assert.True(fault.Line >= 1 && fault.Column >= 1 && fault.Message.Length > 0 && fault.Fix.Length > 0));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20_261_122, 7));

    [Fact]
    public void A_syntax_fault_is_one_sentence_without_the_place_in_it()
    {
        var fault = SomePolicy.Fault("version: 1\ntiers: [a\n");

        Assert.Equal(("This is not YAML: While parsing a flow sequence, did not find expected ',' or ']'.", 3), (fault.Message, fault.Line));
    }
}
