namespace Rung.Storage.Rollups;

/// <summary>What amounts stand by. Null is "none".</summary>
internal readonly record struct SpendKey(string? Tag, string? Role, string? Route, string? Tier, string? Model)
{
    /// <summary>The same without what is not told apart.</summary>
    public SpendKey Only(SpendBy by) => new(
        by.HasFlag(SpendBy.Tag) ? Tag : null, by.HasFlag(SpendBy.Role) ? Role : null, by.HasFlag(SpendBy.Route) ? Route : null, by.HasFlag(SpendBy.Tier) ? Tier : null, by.HasFlag(SpendBy.Model) ? Model : null);
}

/// <summary>A tag, or none.</summary>
internal readonly record struct TagKey(string? Tag);

/// <summary>A model on a rung.</summary>
internal readonly record struct ModelKey(string Tier, string Model);
