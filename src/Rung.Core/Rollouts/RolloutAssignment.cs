using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rung.Core.Rollouts;

/// <summary>The side of a rollout that a unit is on.</summary>
public enum RolloutArm : byte
{
    /// <summary>The current policy.</summary>
    Current = 0,
    /// <summary>The candidate.</summary>
    Candidate = 1,
    /// <summary>The current policy, for good.</summary>
    Holdback = 2,
}

/// <summary>
/// Assigns units to arms by a salted hash: the same on every machine, without shared state, and monotone: a larger share never moves a unit back.
/// Allocates nothing for units of up to 200 bytes.
/// </summary>
public static class RolloutAssignment
{
    private const int OnStack = 256;

    /// <summary>Where a unit stands, evenly over all 64-bit numbers: the first eight bytes of SHA-256 of salt, a zero byte and unit.</summary>
    public static ulong Point(string salt, string unit)
    {
        ArgumentNullException.ThrowIfNull(salt);
        ArgumentNullException.ThrowIfNull(unit);
        var most = Encoding.UTF8.GetMaxByteCount(salt.Length) + 1 + Encoding.UTF8.GetMaxByteCount(unit.Length);
        Span<byte> text = most <= OnStack * 4 ? stackalloc byte[most] : new byte[most];
        var length = Encoding.UTF8.GetBytes(salt, text);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(unit, text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>The arm of a point.</summary>
    /// <param name="point">Of <see cref="Point"/>.</param>
    /// <param name="share">The candidate's share, 0 to <see cref="RolloutPlan.Whole"/>.</param>
    /// <param name="holdback">The share that never gets the candidate, likewise.</param>
    public static RolloutArm ArmOf(ulong point, int share, int holdback)
    {
        // The first of 10,000 equal parts of the range get the candidate, the last ones are held back.
        var part = (int)Math.BigMul(point, RolloutPlan.Whole, out _);
        if (part >= RolloutPlan.Whole - holdback) return RolloutArm.Holdback;
        return part < share ? RolloutArm.Candidate : RolloutArm.Current;
    }
}

/// <summary>How an arm is written on calls: <c>7:candidate</c>.</summary>
public static class ArmName
{
    /// <summary>The name.</summary>
    public static string Of(long rollout, RolloutArm arm) => $"{rollout}:{Word(arm)}";

    /// <summary>Reads a name; false when it is none.</summary>
    public static bool TryParse(string? name, out long rollout, out RolloutArm arm)
    {
        (rollout, arm) = (0, RolloutArm.Current);
        if (name is null || name.IndexOf(':') is not (> 0 and var colon) || !long.TryParse(name.AsSpan(0, colon), out rollout)) return false;
        switch (name.AsSpan(colon + 1))
        {
            case "current": return true;
            case "candidate": arm = RolloutArm.Candidate; return true;
            case "holdback": arm = RolloutArm.Holdback; return true;
            default: return false;
        }
    }

    private static string Word(RolloutArm arm) => arm switch { RolloutArm.Candidate => "candidate", RolloutArm.Holdback => "holdback", _ => "current" };
}
