namespace Rung.Dashboard.Frame;

/// <summary>All pages: the one list of what is served, and the menu.</summary>
internal static class DashboardPages
{
    /// <summary>The menu, in the order of the day: what happens, what it costs, what decides, what proves it.</summary>
    public static readonly IReadOnlyList<(string Path, string Name)> Menu =
    [
        ("/", "Now"), ("/spend", "Spend"), ("/calls", "Calls"), ("/policy", "Policy"), ("/rollouts", "Rollouts"),
        ("/evidence", "Evidence"), ("/reviews", "Reviews"), ("/alerts", "Alerts"), ("/audit", "Audit"), ("/health", "Health"),
    ];

    /// <summary>Maps every page: a line each, in the order of the menu.</summary>
    public static void Map(PageRoutes routes)
    {
        Overview.OverviewPages.Map(routes);
        Spend.SpendPages.Map(routes);
        Calls.CallsPages.Map(routes);
        Policy.PolicyPages.Map(routes);
        Rollouts.RolloutPages.Map(routes);
        Evidence.EvidencePages.Map(routes);
        Reviews.ReviewsPages.Map(routes);
        Alerts.AlertsPages.Map(routes);
        Audit.AuditPages.Map(routes);
        Health.HealthPages.Map(routes);
    }
}
