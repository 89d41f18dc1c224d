using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Recorded;

/// <summary>What a prompt is known by: a hash of its normalised text. The index holds these 16 bytes, never the text a second time.</summary>
internal static class PromptKey
{
    /// <summary>The first 128 bits of the SHA-256 of the normalised text: two prompts that share them will not be met.</summary>
    public static UInt128 Of(string text)
    {
        var normalised = Normalise(text);
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(normalised.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(normalised, rented);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(rented.AsSpan(0, length), hash);
            return BinaryPrimitives.ReadUInt128LittleEndian(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The text as it is compared: Windows line ends become Unix ones, and blanks at both ends go.</summary>
    public static string Normalise(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();

    /// <summary>A number in [0, 1) that depends on the arguments alone: the only chance that recorded answers know.</summary>
    /// <param name="prompt">The prompt's key.</param>
    /// <param name="model">The model asked, so that two models do not share their fate.</param>
    /// <param name="seed">The seed of the server.</param>
    /// <param name="purpose">What the number is for, so that slow answers are not always the failing ones.</param>
    public static double Chance(UInt128 prompt, string model, long seed, string purpose)
    {
        var text = $"{prompt:x32}\n{model}\n{seed}\n{purpose}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
