using Unpress.Vision.Annotations;
using Unpress.Vision.Scores;

namespace Unpress.Lab.Experiments;

/// <summary>What a detector found in the pictures of a set, judged.</summary>
internal sealed record DetectionScores(CocoScore Coco, VocScore Voc, BoxAnnotations Set);
