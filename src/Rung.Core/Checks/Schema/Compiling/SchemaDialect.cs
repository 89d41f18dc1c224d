namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>What the keywords of a part mean.</summary>
/// <param name="Draft">The draft.</param>
/// <param name="Validates">Whether <c>type</c>, <c>required</c> and the like are keywords at all: a meta-schema can leave their vocabulary out.</param>
/// <param name="AssertsFormats">Whether the meta-schema names the vocabulary that asserts <c>format</c>.</param>
internal sealed record SchemaDialect(SchemaDraft Draft, bool Validates, bool AssertsFormats);
