using Rung.Core.Verifiers;

namespace Rung.Core.Policies;

/// <summary>A verifier that a policy takes from a model file.</summary>
/// <param name="Path">Path of the file as the policy writes it.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Verifier">The verifier.</param>
public sealed record TrainedFile(string Path, string Sha256, Verifier Verifier);
