namespace Unpress.Vision;

/// <summary>What the outputs of a detector mean. N boxes, C classes; boxes in pixels of its input; a leading 1 of the batch may be there or not.</summary>
public enum DetectorLayout
{
    /// <summary>One output N×(5+C): centre x and y, width, height, objectness, class scores; the score is the product. Overlapping boxes are left to us.</summary>
    YoloV5,

    /// <summary>One output (4+C)×N: centre x and y, width, height, class scores. Overlapping boxes are left to us.</summary>
    YoloV8,

    /// <summary>One output N×6: left, top, right, bottom, score, class. Overlapping boxes are gone already.</summary>
    Rows,

    /// <summary>Three outputs: N×4 of left, top, right, bottom; N scores; N classes. Overlapping boxes are gone already.</summary>
    Boxes,
}
