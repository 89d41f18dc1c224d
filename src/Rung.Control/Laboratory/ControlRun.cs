using Rung.Core.Rollouts;
namespace Rung.Control.Laboratory;
internal sealed class ControlRun(LabSetting setting, LabScenario scenario, LabPolicy policy, RolloutPlan plan, int run, int minutes)
{
    public ControlOutcome Play(CancellationToken cancellationToken) => throw new NotSupportedException($"{setting}{scenario}{policy}{plan}{run}{minutes}{cancellationToken}");
}
