using Rung.Commands;

namespace Rung.Replay;

/// <summary>Figures in words: with unit, sign and interval.</summary>
internal static class FigureText
{
    /// <summary>What is shown where something cannot be said.</summary>
    public const string Unknown = "n/a";

    /// <summary>The figure that a gate looked at: <c>cost +7.1 % [+5.0, +9.2]</c>.</summary>
    public static string Of(Gate gate, Figure figure)
    {
        var name = $"{Gate.Metrics[(int)gate.Metric]} ";
        return name + (gate.Unit switch
        {
            GateUnit.Usd => Dollars(figure, signed: false),
            GateUnit.UsdMore => Dollars(figure, signed: true),
            GateUnit.PercentMore => Change(figure, "%"),
            GateUnit.Percent => Level(figure),
            _ => Change(figure, "pt"),
        });
    }

    /// <summary>A share as a level: <c>71.2 % [70.4, 72.0]</c>.</summary>
    public static string Level(Figure? figure) => figure is null ? Unknown
        : $"{Percent(figure.Value)} %{(figure is { Low: { } low, High: { } high } ? $" [{Percent(low)}, {Percent(high)}]" : "")}";

    /// <summary>A difference with its sign: <c>-9.4 pt [-10.1, -8.7]</c>.</summary>
    public static string Change(Figure? figure, string unit) => figure is null ? Unknown
        : $"{Signed(figure.Value)} {unit}{(figure is { Low: { } low, High: { } high } ? $" [{Signed(low)}, {Signed(high)}]" : "")}";

    /// <summary>A share without its interval.</summary>
    public static string Short(Figure? figure) => figure is null ? Unknown : $"{Percent(figure.Value)} %";

    /// <summary>An amount with its interval.</summary>
    public static string Dollars(Figure? figure, bool signed)
    {
        if (figure is null) return Unknown;
        return Usd(figure.Value) + (figure is { Low: { } low, High: { } high } ? $" [{Usd(low)}, {Usd(high)}]" : "");

        string Usd(double amount)
        {
            var text = Output.Usd((long)Math.Round(Math.Abs(amount) * 1e9));
            return amount < 0 ? $"-{text}" : signed ? $"+{text}" : text;
        }
    }

    private static string Percent(double share) => $"{Tidy(share * 100):0.0}";

    private static string Signed(double share) => $"{Tidy(share * 100):+0.0;-0.0;0.0}";

    // No "-0.0": what rounds to nothing has no sign.
    private static double Tidy(double percent) => Math.Abs(percent) < 0.05 ? 0 : percent;
}
