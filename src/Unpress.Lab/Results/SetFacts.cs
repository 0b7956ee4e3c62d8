namespace Unpress.Lab.Results;

/// <summary>A set of pictures as a run used it.</summary>
/// <param name="Pictures">Their names: paths within the folder without extension.</param>
/// <param name="Part">Only some of the pictures, or only the middle of each: nothing that papers print of the set compares with it.</param>
/// <param name="Crop">Pixels a side, where only the middle of each picture was taken.</param>
public sealed record SetFacts(string Name, string Folder, IReadOnlyList<string> Pictures, bool Part = false, int? Crop = null);
