namespace Rung.Core.Checks.Schema;

/// <summary>The draft of JSON Schema that a document is written in, in order of time.</summary>
internal enum SchemaDialect : byte { Draft7 = 7, Draft201909 = 19, Draft202012 = 20 }
