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
        Assert.Equal(((51 * 1.0) + (50 * 2.0 / 3)) / 101, AveragePrecision.CocoAt([picture], 0.5)!.Value, 12);
        Assert.Equal((0.5 * 1) + (0.5 * 2 / 3), AveragePrecision.Voc([picture])!.Value, 12);
        Assert.Equal(((6 * 1.0) + (5 * 2.0 / 3)) / 11, AveragePrecision.Voc2007([picture])!.Value, 12);
    }

    [Fact]
    public void What_does_not_count_counts_neither_way()
    {
        var crowd = new TrueBox(0, new Box(40, 40, 90, 90), Ignored: true, Crowd: true);
        var picture = new Findings(
            [crowd, new(0, Here)],
            [new(0, 0.9, new Box(41, 41, 50, 50)), new(0, 0.8, new Box(60, 60, 70, 70)), new(0, 0.5, Here), new(1, 0.9, Here)]);
        Assert.Equal(1, AveragePrecision.Coco([picture])!.Value, 12); // both in the crowd, and a class that is not there
        Assert.Null(AveragePrecision.Coco([new Findings([crowd], [new(0, 0.9, Here)])]));
    }

    [Fact]
    public void A_second_find_of_the_same_thing_is_wrong()
    {
        var picture = new Findings([new(0, Here), new(0, There)], [new(0, 0.9, Here), new(0, 0.8, Here), new(0, 0.7, There)]);
        double expected = (0.5 * 1) + (0.5 * 2 / 3);
        Assert.Equal(expected, AveragePrecision.Voc([picture])!.Value, 12);
    }

    [Fact]
    public void The_overlap_decides_how_many_of_cocos_steps_are_passed()
    {
        // 8 of 10 columns: an overlap of 0.8, which passes 0.50 to 0.80, 7 of 10.
        var picture = new Findings([new(0, Here)], [new(0, 0.9, new Box(0, 0, 8, 10))]);
        Assert.Equal(0.7, AveragePrecision.Coco([picture])!.Value, 12);
    }

    [Fact]
    public void Average_precision_equals_an_independent_computation()
    {
        using var numbers = Numbers();
        foreach (var one in numbers.RootElement.GetProperty("detection").EnumerateArray())
        {
            List<Findings> pictures = [.. one.GetProperty("pictures").EnumerateArray().Select(Picture)];
            Assert.Equal(one.GetProperty("coco").GetDouble(), AveragePrecision.Coco(pictures)!.Value, 10);
            Assert.Equal(one.GetProperty("coco50").GetDouble(), AveragePrecision.CocoAt(pictures, 0.5)!.Value, 10);
            Assert.Equal(one.GetProperty("voc").GetDouble(), AveragePrecision.Voc(pictures)!.Value, 10);
            Assert.Equal(one.GetProperty("voc2007").GetDouble(), AveragePrecision.Voc2007(pictures)!.Value, 10);
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
        Assert.Equal(segmentation.GetProperty("miou").GetDouble(), count.MeanIntersectionOverUnion!.Value, 12);
    }

    private static Findings Picture(JsonElement picture) => new(
        [.. picture.GetProperty("truth").EnumerateArray().Select(one => new TrueBox(
            one.GetProperty("class").GetInt32(), BoxOf(one), one.GetProperty("ignored").GetBoolean(), one.GetProperty("crowd").GetBoolean()))],
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
