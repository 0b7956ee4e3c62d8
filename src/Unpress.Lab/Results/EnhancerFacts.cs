namespace Unpress.Lab.Results;

/// <summary>An enhancer as a run used it.</summary>
/// <param name="Kind">"network" or "program".</param>
/// <param name="Source">The weight file, or the command.</param>
/// <param name="Sha256">Of the weight file; null for programs.</param>
/// <param name="Network">Name in the catalogue of networks; null for programs.</param>
/// <param name="Parameters">Numbers that were trained; null for programs.</param>
/// <param name="Multiplications">Multiply-accumulates for one 512×512 picture; null for programs, and where they cannot be counted.</param>
public sealed record EnhancerFacts(
    string Name, string Kind, string Source, string? Sha256 = null, string? Network = null, long? Parameters = null, double? Multiplications = null);
