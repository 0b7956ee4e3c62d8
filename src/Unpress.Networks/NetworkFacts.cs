namespace Unpress.Networks;

/// <summary>What the rest of the program must know of a network.</summary>
/// <param name="Channels">1 for gray, 3 for RGB.</param>
/// <param name="Reach">
/// Pixels that an output pixel sees in each direction: tiles overlap at least this much. What <see cref="Network.Survey"/> finds is not counted.
/// </param>
/// <param name="SizeMultiple">Height and width are padded to multiples of this; tiles start on multiples of it.</param>
/// <param name="Uses">What it makes use of besides the pixels where it is known.</param>
/// <param name="Needs">What of that it cannot do without.</param>
public sealed record NetworkFacts(
    int Channels, int Reach, int SizeMultiple = 1, Knowledge Uses = Knowledge.None, Knowledge Needs = Knowledge.None)
{
    /// <summary>
    /// Layers everywhere look at the mean of the whole picture: no survey can tell them all, and in tiles the result is close to that of the
    /// picture in one piece, not equal.
    /// </summary>
    public bool SeesWhole { get; init; }
}
