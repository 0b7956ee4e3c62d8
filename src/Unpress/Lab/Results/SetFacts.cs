namespace Unpress.Lab.Results;

/// <summary>A set of pictures as a run used it.</summary>
/// <param name="Pictures">Their names: paths within the folder without extension.</param>
public sealed record SetFacts(string Name, string Folder, IReadOnlyList<string> Pictures);
