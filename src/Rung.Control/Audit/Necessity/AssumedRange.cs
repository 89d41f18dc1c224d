namespace Rung.Control.Audit;

/// <summary>A number that nobody has measured here: its best, its middle and its worst case, in thousandths.</summary>
/// <param name="Best">The case that saves most.</param>
/// <param name="Middle">The case that the middle of a projection takes.</param>
/// <param name="Worst">The case that saves least.</param>
public readonly record struct AssumedRange(int Best, int Middle, int Worst)
{
    /// <summary>Nothing assumed: a factor of 1.</summary>
    public static AssumedRange One { get; } = new(1000, 1000, 1000);

    /// <summary>Nothing at all.</summary>
    public static AssumedRange None { get; }

    /// <summary>The number of one case.</summary>
    internal int At(ProjectionCase which) => which switch { ProjectionCase.Best => Best, ProjectionCase.Worst => Worst, _ => Middle };

    /// <summary>The range as checked: rising, within 0 and <paramref name="most"/>.</summary>
    internal AssumedRange Checked(string name, int most) => Best >= 0 && Best <= Middle && Middle <= Worst && Worst <= most
        ? this
        : throw new ArgumentOutOfRangeException(name, this, $"Best, middle and worst must rise and lie within 0 and {most} thousandths.");
}

/// <summary>A case of a projection.</summary>
internal enum ProjectionCase : byte
{
    /// <summary>Saves most.</summary>
    Best,
    /// <summary>The middle.</summary>
    Middle,
    /// <summary>Saves least.</summary>
    Worst,
}
