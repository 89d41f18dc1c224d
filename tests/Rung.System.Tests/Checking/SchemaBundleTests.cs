using System.Text;
using Rung.Commands.Checking;

namespace Rung.Tests.Checking;

public sealed class SchemaBundleTests : IDisposable
{
    private readonly CheckFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_document_is_found_by_its_id_and_one_without_by_the_end_of_the_address()
    {
        _folder.Write("schemas/a.json", """{"$id":"https://example.com/named#","title":"a"}""");
        _folder.Write("schemas/common/b.json", """{"title":"b"}""");
        _folder.Write("schemas/b.json", """{"title":"other b"}""");
        _folder.Write("schemas/notes.json", "not JSON");

        var bundle = SchemaBundle.Read([_folder.At("schemas")]);

        Assert.Equal(1, bundle.Unreadable);
        Assert.Contains("\"a\"", Text(bundle, "https://example.com/named"), StringComparison.Ordinal);
        Assert.Contains("\"b\"", Text(bundle, "https://example.com/v1/common/b.json"), StringComparison.Ordinal);
        Assert.Contains("other b", Text(bundle, "https://example.com/v1/b.json"), StringComparison.Ordinal);
        Assert.Null(bundle.Missed);
        Assert.Null(Text(bundle, "https://example.com/a.json")); // It has a name of its own.
        Assert.Equal("https://example.com/a.json", bundle.Missed?.ToString());
    }

    [Fact]
    public void Two_documents_of_one_name_are_refused()
    {
        _folder.Write("x/a.json", """{"$id":"https://example.com/a"}""");
        _folder.Write("x/b.json", """{"$id":"https://example.com/a"}""");

        Assert.Contains("another document", Assert.Throws<InvalidDataException>(() => SchemaBundle.Read([_folder.At("x")])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => SchemaBundle.Read([_folder.Write("y/c.json", "{}"), _folder.Write("z/c.json", "{}")]));
    }

    private static string? Text(SchemaBundle bundle, string uri) => bundle.Find(new Uri(uri)) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
}
