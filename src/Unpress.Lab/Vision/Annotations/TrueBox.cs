namespace Unpress.Vision.Annotations;

/// <summary>Something that is in a picture.</summary>
/// <param name="Class">Place in the annotation's list of classes.</param>
/// <param name="Ignored">Finding it counts neither for nor against a detector: COCO's crowds, VOC's difficult ones.</param>
/// <param name="Crowd">It stands for many, and any number of detections may lie in it.</param>
/// <param name="Area">In pixels, where the annotation says it: that of its outline. Null: the box's.</param>
public readonly record struct TrueBox(int Class, Box Box, bool Ignored = false, bool Crowd = false, double? Area = null);
