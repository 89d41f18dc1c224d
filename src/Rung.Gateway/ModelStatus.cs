namespace Rung.Gateway;

/// <summary>One model of the policy in force as the gateway sees it at an instant.</summary>
/// <param name="Name">Its name in the policy.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="MissingKey">Whether its key cannot be read: it is not tried.</param>
/// <param name="IsOpen">Whether its circuit is open: it failed several times in a row.</param>
/// <param name="IsResting">Whether it asked to be left alone.</param>
/// <param name="Wait">How long until it may be tried; zero for now.</param>
/// <param name="UnderWay">Attempts that are under way.</param>
public sealed record ModelStatus(string Name, string Provider, bool MissingKey, bool IsOpen, bool IsResting, TimeSpan Wait, int UnderWay);
