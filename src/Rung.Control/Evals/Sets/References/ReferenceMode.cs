namespace Rung.Control.Evals.Sets.References;

/// <summary>Where references come from.</summary>
public enum ReferenceMode
{
    /// <summary>What was given with the row, else the captured answer of the reference tier, else that tier is asked.</summary>
    Auto,
    /// <summary>The reference tier is asked about every row, whatever is there.</summary>
    Frontier,
    /// <summary>Only what the reference tier answered in production.</summary>
    Captured,
    /// <summary>Only what was given with the row.</summary>
    Given,
    /// <summary>None.</summary>
    None,
}
