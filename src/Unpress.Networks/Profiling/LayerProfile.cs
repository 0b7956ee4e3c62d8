namespace Unpress.Networks.Profiling;

/// <summary>A module of a network with what is inside it.</summary>
/// <param name="Name">Its name in its parent; the first part of its tensors' names.</param>
/// <param name="Type">Its class.</param>
/// <param name="Parameters">Trained numbers, those of its children included; shared ones count where they come first.</param>
/// <param name="Output">The shape of what it last returned; null where nothing with parameters ran.</param>
/// <param name="Work">Of one run, children included.</param>
public sealed record LayerProfile(
    string Name, string Type, long Parameters, long[]? Output, Work Work, IReadOnlyList<LayerProfile> Children);
