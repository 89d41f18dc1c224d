using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands.Content;

/// <summary>Opens the store of content of a data directory, with the key from the environment.</summary>
internal static class ContentDirectory
{
    /// <summary>Opens it; makes it when it is missing.</summary>
    /// <exception cref="LedgerException">It cannot be used, the key is not its key, or the environment holds no key; the message never quotes it.</exception>
    public static ContentStore Open(string data, TimeProvider clock) => ContentStore.Open(data, Key(), clock);

    /// <summary>Opens it; null where nothing has been kept yet.</summary>
    /// <exception cref="LedgerException">As <see cref="Open"/>.</exception>
    public static ContentStore? Existing(string data, TimeProvider clock) => ContentStore.Exists(data) ? Open(data, clock) : null;

    private static ContentKey? Key()
    {
        try
        {
            return ContentKey.Read(Environment.GetEnvironmentVariable(ContentKey.Variable));
        }
        catch (FormatException)
        {
            throw new LedgerException(ContentKey.Variable, $"this is no key: it must be {ContentKey.Length} bytes in base 64 or in hexadecimal digits.",
                $"Make one with: openssl rand -base64 {ContentKey.Length}");
        }
    }
}
