using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on content that is kept: that it is redacted, and that it may be kept at all.</summary>
internal static class CaptureLints
{
    public static void Judge(PolicyDocument document, PolicySnapshot snapshot, LintList lints)
    {
        foreach (var role in document.Roles) JudgeEntry(role, PolicyPath.Of("roles", role.Name), lints);
        foreach (var tag in document.Tags)
        {
            JudgeEntry(tag, PolicyPath.Of("tags", tag.Name), lints);
            JudgeRoute(snapshot.Tags[tag.Name], snapshot, PolicyPath.Of("tags", tag.Name), tag.Capture is null ? null : "capture", lints);
        }
        JudgeEntry(document.Default, PolicyShape.DefaultName, lints);
        JudgeRoute(snapshot.Default, snapshot, PolicyShape.DefaultName, document.Default.Capture is null ? null : "capture", lints);
    }

    private static void JudgeEntry(RouteEntry entry, string path, LintList lints)
    {
        if (entry.Capture is { Sample: > 0, Redact: { IsEmpty: true } })
            lints.Add(LintCatalogue.CaptureUnredacted, PolicyPath.Of(path, "capture"), "redact", "Content is kept as it came: redact is an empty list.");
    }

    private static void JudgeRoute(Route route, PolicySnapshot snapshot, string path, string? key, LintList lints)
    {
        if (route.Capture is null || route.DataClass is not { } kind) return;
        foreach (var pin in snapshot.Pins)
        {
            if (pin.DataClass != kind) continue;
            lints.Add(LintCatalogue.CaptureOfDataClass, path, key, $"{route.Name} has the data class {kind}, which a pin binds to {pin.Models.Count} model(s), and its content is kept for {route.Capture.KeepDays} days.");
            return;
        }
    }
}
