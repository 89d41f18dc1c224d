namespace Rung.Core.Prices;

/// <summary>Price books as JSON, format <c>rung-price-book/1</c>: USD per million tokens, dates as UTC days. Described in <c>docs/prices.md</c>.</summary>
public static class PriceBookFile
{
    /// <summary>The format's name and version, as the first member of a file.</summary>
    public const string Format = "rung-price-book/1";

    /// <summary>Reads a book. Strict: an unknown member is refused, because a misspelt rate would silently be no rate.</summary>
    /// <param name="json">The file, UTF-8.</param>
    /// <exception cref="PriceBookException">The file is not JSON or not a price book; the exception says where.</exception>
    public static PriceBook Read(ReadOnlyMemory<byte> json) => PriceBookReader.Read(json);

    /// <summary>Writes a book, in the order of its entries; one line for a model, one for each of its periods.</summary>
    /// <returns>The file, UTF-8, ending with a line feed. Reading it gives an equal book.</returns>
    /// <exception cref="ArgumentException">A period begins or ends within a day: the format has days only.</exception>
    public static byte[] Write(PriceBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        return PriceBookWriter.Write(book);
    }
}
