namespace Rung.Core.Checks.Json;

/// <summary>The six kinds of JSON value, with the two booleans apart.</summary>
internal enum JsonKind : byte { Null = 0, False = 1, True = 2, Number = 3, String = 4, Array = 5, Object = 6 }
