namespace Unpress.DataSets;

/// <summary>A picture of a prepared set: one entry of <c>data.json</c>.</summary>
/// <param name="Split">train, valid, test, …</param>
/// <param name="Name">File name in the split's folder.</param>
/// <param name="Source">Path below the folder that was downloaded.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
public sealed record PreparedPicture(string Split, string Name, string Source, string Sha256, int Width, int Height);
