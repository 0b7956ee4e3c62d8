using Unpress.Torch;

namespace Unpress.Jpeg;

/// <summary>One colour component of a JPEG as tensors.</summary>
/// <param name="Coefficients">
/// [N, 1, Hc, Wc] float, the quantised DCT coefficients in the place of the pixels they describe: each 8×8 cell is one block, row = vertical
/// frequency, column = horizontal frequency, DC at its top left.
/// </param>
/// <param name="Table">[N, 1, 8, 8] float, the quantisation table in the same order.</param>
/// <param name="Horizontal">Sampling factor across, as the frame header has it.</param>
/// <param name="Vertical">Sampling factor down.</param>
public sealed record JpegPlane(Tensor Coefficients, Tensor Table, int Horizontal = 1, int Vertical = 1);
