using Unpress.Imaging;

namespace Unpress.Lab.Reports.Sheets;

/// <summary>A picture on a sheet.</summary>
/// <param name="Caption">Below it; empty for nothing.</param>
internal sealed record Tile(ImageBuffer Picture, string Caption);
