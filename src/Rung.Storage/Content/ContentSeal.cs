using System.Security.Cryptography;
using System.Text;

namespace Rung.Storage.Content;

/// <summary>
/// How content lies in the file. The first byte says how: 0 as it is, 1 AES-256-GCM (nonce of 12 bytes, tag of 16, cipher text; NIST SP 800-38D). What it
/// belongs to is bound to it, so that nothing can be moved to another row.
/// </summary>
internal sealed class ContentSeal(ContentKey? key)
{
    private const byte Plain = 0;
    private const byte Encrypted = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Whether content is encrypted from now on.</summary>
    public bool HasKey => key is not null;

    /// <summary>Closes content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="place">What it belongs to: table and id.</param>
    public byte[] Close(ReadOnlySpan<byte> content, string place)
    {
        if (key is null)
        {
            var plain = new byte[1 + content.Length];
            content.CopyTo(plain.AsSpan(1));
            return plain;
        }
        var sealedBytes = new byte[1 + NonceBytes + TagBytes + content.Length];
        sealedBytes[0] = Encrypted;
        var (nonce, tag, cipher) = Parts(sealedBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(nonce, content, cipher, tag, Encoding.UTF8.GetBytes(place));
        return sealedBytes;
    }

    /// <summary>Opens content.</summary>
    /// <exception cref="CryptographicException">It is encrypted, and this is not its key, or not its place; or it is no sealed content.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes, string place)
    {
        if (sealedBytes is [Plain, ..]) return sealedBytes[1..].ToArray();
        if (sealedBytes.Length < 1 + NonceBytes + TagBytes || sealedBytes[0] != Encrypted) throw new CryptographicException("This is no sealed content.");
        if (key is null) throw new CryptographicException("It is encrypted, and there is no key.");
        var copy = sealedBytes.ToArray();
        var (nonce, tag, cipher) = Parts(copy);
        var content = new byte[cipher.Length];
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Decrypt(nonce, cipher, tag, content, Encoding.UTF8.GetBytes(place));
        return content;
    }

    private static Span3 Parts(byte[] bytes) => new(
        bytes.AsSpan(1, NonceBytes), bytes.AsSpan(1 + NonceBytes, TagBytes), bytes.AsSpan(1 + NonceBytes + TagBytes));

    private readonly ref struct Span3(Span<byte> nonce, Span<byte> tag, Span<byte> cipher)
    {
        private readonly Span<byte> nonce = nonce;
        private readonly Span<byte> tag = tag;
        private readonly Span<byte> cipher = cipher;

        public void Deconstruct(out Span<byte> nonce, out Span<byte> tag, out Span<byte> cipher)
        {
            nonce = this.nonce;
            tag = this.tag;
            cipher = this.cipher;
        }
    }
}
