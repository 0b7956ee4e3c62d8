using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>COCO's <c>instances_*.json</c>: categories, images, annotations with boxes (left, top, width, height).</summary>
public static class CocoBoxes
{
    /// <exception cref="InvalidFileException">Missing, or not of this form.</exception>
    public static BoxAnnotations Read(string path) => CocoFile.Read(path, "boxes", root => Of(path, root));

    private static BoxAnnotations Of(string path, JsonElement root)
    {
        var categories = CocoFile.Categories(root);
        var classOf = categories.Select((one, index) => (one.Id, index)).ToDictionary(one => one.Id, one => one.index);
        var boxes = root.GetProperty("annotations").EnumerateArray()
            .ToLookup(one => one.GetProperty("image_id").GetInt64(), one => Box(one, classOf));
        return new BoxAnnotations(
            path,
            Voc: false,
            [.. categories.Select(one => one.Name)],
            root.GetProperty("images").EnumerateArray().ToDictionary(
                CocoFile.Name,
                one => (IReadOnlyList<TrueBox>)[.. boxes[one.GetProperty("id").GetInt64()]]));
    }

    private static TrueBox Box(JsonElement annotation, Dictionary<long, int> classOf)
    {
        var box = annotation.GetProperty("bbox");
        double left = box[0].GetDouble(), top = box[1].GetDouble();
        bool crowd = annotation.TryGetProperty("iscrowd", out var value) && value.GetInt32() != 0;
        return new TrueBox(
            CocoFile.Of(classOf, annotation),
            new Box(left, top, left + box[2].GetDouble(), top + box[3].GetDouble()),
            Ignored: crowd,
            Crowd: crowd,
            Area: annotation.TryGetProperty("area", out var area) ? area.GetDouble() : null);
    }
}
