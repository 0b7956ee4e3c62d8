namespace Unpress.Lab.Experiments;

/// <summary>The traces that a picture left: files.</summary>
/// <param name="Raw">Of the original.</param>
/// <param name="Compressed">Of the compressed picture.</param>
/// <param name="Image">Of what is measured: one of the two, or one that was made from the compressed picture.</param>
internal sealed record TracedPicture(string Set, string Name, string Raw, string Compressed, string Image);
