using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>A place where a schema stands.</summary>
/// <param name="Resource">The resource that it belongs to.</param>
/// <param name="Value">The value there.</param>
/// <param name="Pointer">The way to it from the document's root.</param>
internal readonly record struct SchemaLocation(SchemaResource Resource, JsonValue Value, string Pointer);
