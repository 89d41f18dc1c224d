using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Reading;

/// <summary>Makes the control terms, budgets and alert targets of YAML maps.</summary>
internal static class ControlBinder
{
    public static ControlEntry Control(YamlValue? value) => value is not YamlMap ? ControlEntry.None : new ControlEntry
    {
        Steering = value.Text("steering"),
        CoolDownHours = value.Number("cool_down_hours"),
        DemotionsPerDay = value.Integer("demotions_per_day"),
    };

    public static BudgetEntry Budget(string name, YamlValue? value) => new()
    {
        Name = name,
        Usd = value.Number("usd") ?? 0,
        Per = value.Text("per"),
        Tags = value.Texts("tags"),
    };

    public static AlertEntry Alert(string name, YamlValue? value) => new()
    {
        Name = name,
        Url = Reference(value.Child("url")),
        Format = value.Text("format"),
        Secret = Reference(value.Child("secret")),
        AtLeast = value.Text("at_least"),
    };

    private static SecretReference? Reference(YamlValue? value) => value is YamlMap ? new SecretReference(value.Text("env"), value.Text("file")) : null;
}
