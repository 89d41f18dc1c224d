using System.Collections.Frozen;
using Rung.Core.Checks;

namespace Rung.Core.Policies.Compiling;

/// <summary>What the checks of a policy may ask.</summary>
internal sealed record BuiltVerifiers(
    FrozenDictionary<string, AllowedCommand> Commands, FrozenDictionary<string, OutsideVerifier> Verifiers, FrozenDictionary<string, TrainedFile> Trained);
