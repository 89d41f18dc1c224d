using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>A set of kinds of JSON value, one bit each.</summary>
[Flags]
internal enum KindSet : byte
{
    None = 0, Null = 1, False = 2, True = 4, Number = 8, String = 16, Array = 32, Object = 64,
    Boolean = False | True, Containers = Array | Object, All = 127,
}

/// <summary>Kinds and sets of them.</summary>
internal static class KindSets
{
    public static KindSet Of(JsonKind kind) => (KindSet)(1 << (int)kind);

    public static bool Has(this KindSet kinds, JsonKind kind) => ((int)kinds & (1 << (int)kind)) != 0;
}
