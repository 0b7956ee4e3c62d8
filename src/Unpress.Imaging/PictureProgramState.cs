namespace Unpress.Imaging;

/// <summary>The programs for a format that libvips leaves to them.</summary>
/// <param name="Format">Short name: heif or jp2.</param>
/// <param name="Reader">Path of what reads it; null when nothing is on PATH.</param>
/// <param name="Writer">Path of what writes it; null when nothing is on PATH.</param>
/// <param name="Remedy">How to get them.</param>
public sealed record PictureProgramState(string Format, string? Reader, string? Writer, string Remedy);
