using Unpress.Imaging;

namespace Unpress.Degradations;

/// <summary>What was done to a patch.</summary>
/// <param name="Compressed">False: x equals y.</param>
/// <param name="Quality">Setting of the last compression, in the codec's own scale: a quality factor of JPEG's; 100 when not compressed.</param>
/// <param name="FirstQuality">That of the compression before; 0 when there was none.</param>
/// <param name="Subsampling">Chroma of the last compression; means nothing for gray.</param>
/// <param name="OffsetX">Column of the patch's first pixel in the picture last compressed; mod 8 it is the place in the block grid.</param>
/// <param name="OffsetY">The same for rows.</param>
/// <param name="ShiftX">How far the first compression's grid is shifted against the last one's, in pixels; 0 when there was none.</param>
/// <param name="ShiftY">The same for rows.</param>
public readonly record struct DegradationFacts(
    bool Compressed,
    int Quality,
    int FirstQuality,
    ChromaSubsampling Subsampling,
    int OffsetX,
    int OffsetY,
    int ShiftX,
    int ShiftY);
