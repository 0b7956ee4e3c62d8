using System.Globalization;
using System.Text.Json;
using Unpress.Imaging;
using Unpress.Metrics;
using Unpress.Vision;
using Unpress.Vision.Annotations;
using Unpress.Vision.Scores;

namespace Unpress.Tests.Vision;

/// <summary>Worked by hand, and against what <c>tests/parity/vision_numbers.py</c> computed.</summary>
public class ScoreTests
{
    private static readonly Box Here = new(0, 0, 10, 10), There = new(20, 20, 30, 30);

    [Fact]
    public void Average_precision_worked_by_hand()
    {
        // Two things; found: one (0.9), nothing (0.8), the other (0.7). Precision 1, then 2/3 from recall one half on.
        var picture = new Findings(
            [new(0, Here), new(0, There)],
            [new(0, 0.9, Here), new(0, 0.8, new Box(50, 50, 60, 60)), new(0, 0.7, There)]);
        Assert.Equal(((51 * 1.0) + (50 * 2.0 / 3)) / 101, new CocoScore([picture]).Precision(overlap: 0.5)!.Value, 12);
        Assert.Equal((0.5 * 1) + (0.5 * 2 / 3), new VocScore([picture]).Precision()!.Value, 12);
        Assert.Equal(((6 * 1.0) + (5 * 2.0 / 3)) / 11, new VocScore([picture]).Precision2007()!.Value, 12);
    }

    [Fact]
    public void What_does_not_count_counts_neither_way()
    {
        var crowd = new TrueBox(0, new Box(40, 40, 90, 90), Ignored: true, Crowd: true);
        var picture = new Findings(
            [crowd, new(0, Here)],
            [new(0, 0.9, new Box(41, 41, 50, 50)), new(0, 0.8, new Box(60, 60, 70, 70)), new(0, 0.5, Here), new(1, 0.9, Here)]);
        Assert.Equal(1, new CocoScore([picture]).Precision()!.Value, 12); // both in the crowd, and a class that is not there
        Assert.Null(new CocoScore([new Findings([crowd], [new(0, 0.9, Here)])]).Precision());
    }

    [Fact]
    public void A_second_find_of_the_same_thing_is_wrong()
    {
        var picture = new Findings([new(0, Here), new(0, There)], [new(0, 0.9, Here), new(0, 0.8, Here), new(0, 0.7, There)]);
        double expected = (0.5 * 1) + (0.5 * 2 / 3);
        Assert.Equal(expected, new VocScore([picture]).Precision()!.Value, 12);
    }

    [Fact]
    public void The_overlap_decides_how_many_of_cocos_steps_are_passed()
    {
        // 8 of 10 columns: an overlap of 0.8, which passes 0.50 to 0.80, 7 of 10.
        var picture = new Findings([new(0, Here)], [new(0, 0.9, new Box(0, 0, 8, 10))]);
        Assert.Equal(0.7, new CocoScore([picture]).Precision()!.Value, 12);
    }

    [Fact]
    public void What_is_of_another_size_counts_neither_way()
    {
        // The outline of the second is small, whatever its box. The last detection finds nothing, and is small.
        Box small = new(0, 0, 10, 10), outlined = new(100, 0, 140, 40), large = new(200, 200, 300, 300);
        var picture = new Findings(
            [new(0, small), new(0, outlined, Area: 32 * 32), new(0, large)],
            [new(0, 0.9, large), new(0, 0.8, outlined), new(0, 0.7, new Box(50, 50, 60, 60))]);
        var score = new CocoScore([picture]);
        // Of small things: found one of two, and something small that is none, after it.
        Assert.Equal(51 / 101.0, score.Precision(CocoSize.Small)!.Value, 12);
        Assert.Equal(0.5, score.Recall(size: CocoSize.Small)!.Value, 12);
        Assert.Equal(1, score.Precision(CocoSize.Medium)!.Value, 12); // an area of 32² is of both
        Assert.Equal(1, score.Precision(CocoSize.Large)!.Value, 12);
        Assert.Equal(1 / 3.0, score.Recall(most: 1)!.Value, 12);
        Assert.Equal(2 / 3.0, score.Recall(most: 2)!.Value, 12);
        Assert.Null(new CocoScore([new Findings([new(0, small)], [])]).Recall(size: CocoSize.Large));
    }

    [Fact]
    public void Average_precision_equals_an_independent_computation()
    {
        using var numbers = Numbers();
        foreach (var one in numbers.RootElement.GetProperty("detection").EnumerateArray())
        {
            List<Findings> pictures = [.. one.GetProperty("pictures").EnumerateArray().Select(Picture)];
            var (coco, voc) = (new CocoScore(pictures), new VocScore(pictures));
            Near(one.GetProperty("coco50"), coco.Precision(overlap: 0.5));
            Near(one.GetProperty("coco75"), coco.Precision(overlap: 0.75));
            foreach (var size in one.GetProperty("sizes").EnumerateObject())
            {
                Near(size.Value.GetProperty("precision"), coco.Precision(Enum.Parse<CocoSize>(size.Name, ignoreCase: true)));
                Near(size.Value.GetProperty("recall"), coco.Recall(size: Enum.Parse<CocoSize>(size.Name, ignoreCase: true)));
            }

            foreach (var most in one.GetProperty("recall").EnumerateObject())
                Near(most.Value, coco.Recall(int.Parse(most.Name, CultureInfo.InvariantCulture)));
            Near(one.GetProperty("voc"), voc.Precision());
            Near(one.GetProperty("voc2007"), voc.Precision2007());
            foreach (var (kind, ofClass) in one.GetProperty("classes").EnumerateArray().Index())
            {
                Near(ofClass.GetProperty("coco"), coco.Precision(ofClass: kind));
                Near(ofClass.GetProperty("voc"), voc.Precision(kind));
            }
        }
    }

    [Fact]
    public void Intersection_over_union_worked_by_hand()
    {
        var count = new ConfusionCount();
        Assert.Null(count.MeanIntersectionOverUnion);
        // Class 0: 1 right of 3; class 1: 2 right of 4; class 2 is only in the answer: 0 of 1.
        count.Add(Map(0, 0, 1, 1, 1, 255), Map(0, 1, 1, 1, 2, 0));
        Assert.Equal(((1.0 / 2) + (2.0 / 4) + 0) / 3, count.MeanIntersectionOverUnion!.Value, 12);
        Assert.Equal([1.0 / 2, 2.0 / 4, 0, null], Enumerable.Range(0, 4).Select(count.IntersectionOverUnion));
        Assert.Throws<IncomparableException>(() => count.Add(Map(0), Map(0, 1)));
    }

    [Fact]
    public void Intersection_over_union_equals_an_independent_computation()
    {
        using var numbers = Numbers();
        var segmentation = numbers.RootElement.GetProperty("segmentation");
        var count = new ConfusionCount();
        foreach (var mask in segmentation.GetProperty("masks").EnumerateArray())
            count.Add(Map(Flat(mask.GetProperty("truth"))), Map(Flat(mask.GetProperty("answer"))));
        Near(segmentation.GetProperty("miou"), count.MeanIntersectionOverUnion);
        foreach (var (kind, ofClass) in segmentation.GetProperty("iou").EnumerateArray().Index())
            Near(ofClass, count.IntersectionOverUnion(kind));
    }

    private static void Near(JsonElement expected, double? actual)
    {
        if (expected.ValueKind == JsonValueKind.Null)
            Assert.Null(actual);
        else
            Assert.Equal(expected.GetDouble(), actual!.Value, 10);
    }

    private static Findings Picture(JsonElement picture) => new(
        [.. picture.GetProperty("truth").EnumerateArray().Select(one => new TrueBox(
            one.GetProperty("class").GetInt32(), BoxOf(one), one.GetProperty("ignored").GetBoolean(), one.GetProperty("crowd").GetBoolean(),
            one.GetProperty("area") is { ValueKind: JsonValueKind.Number } area ? area.GetDouble() : null))],
        [.. picture.GetProperty("detections").EnumerateArray().Select(one => new Detection(
            one.GetProperty("class").GetInt32(), one.GetProperty("score").GetDouble(), BoxOf(one)))]);

    private static Box BoxOf(JsonElement one)
    {
        var edges = one.GetProperty("box");
        return new Box(edges[0].GetDouble(), edges[1].GetDouble(), edges[2].GetDouble(), edges[3].GetDouble());
    }

    private static byte[] Flat(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(one => one.GetByte()))];

    private static ImageBuffer Map(params byte[] classes)
    {
        var map = new ImageBuffer(classes.Length, 1, ColourModel.Gray);
        classes.CopyTo(map.Data, 0);
        return map;
    }

    private static JsonDocument Numbers() => JsonDocument.Parse(File.ReadAllText(RepoPaths.Combine("tests", "parity", "vision_numbers.json")));
}
