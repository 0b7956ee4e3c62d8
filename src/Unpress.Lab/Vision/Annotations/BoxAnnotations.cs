using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>What is where in the pictures of a set.</summary>
/// <param name="Path">Of the file or folder.</param>
/// <param name="Voc">In VOC's form, else COCO's.</param>
/// <param name="Classes">Their names; of COCO in the order of their numbers.</param>
/// <param name="Pictures">By the picture's file name without folder and extension. A picture with nothing in it has an empty list.</param>
public sealed record BoxAnnotations(string Path, bool Voc, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, IReadOnlyList<TrueBox>> Pictures)
{
    /// <summary>Of a class in <see cref="Classes"/>; −1 where there is no such.</summary>
    public int Place(string kind)
    {
        for (int place = 0; place < Classes.Count; place++)
        {
            if (Classes[place] == kind)
                return place;
        }

        return -1;
    }

    /// <summary>Why a picture cannot be judged; null where it can.</summary>
    /// <param name="picture">File name without folder and extension.</param>
    public string? Lacks(string picture) => Pictures.ContainsKey(picture) ? null : $"is not in {Path}";

    /// <summary>COCO's JSON where the path is a file, VOC's XML where it is a folder.</summary>
    /// <exception cref="Imaging.InvalidFileException">Neither, or damaged.</exception>
    public static BoxAnnotations Read(string path) =>
        Directory.Exists(path) ? VocBoxes.Read(path) : CocoBoxes.Read(path);
}

/// <summary>Something that is in a picture.</summary>
/// <param name="Class">Place in the annotation's list of classes.</param>
/// <param name="Ignored">Finding it counts neither for nor against a detector: COCO's crowds, VOC's difficult ones.</param>
/// <param name="Crowd">It stands for many, and any number of detections may lie in it.</param>
/// <param name="Area">In pixels, where the annotation says it: that of its outline. Null: the box's.</param>
public readonly record struct TrueBox(int Class, Box Box, bool Ignored = false, bool Crowd = false, double? Area = null);

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

/// <summary>PASCAL VOC's folder <c>Annotations</c>: one XML a picture. Pixels count from 1 there and both ends belong to the box.</summary>
public static class VocBoxes
{
    /// <exception cref="InvalidFileException">No XML in the folder, or one that is not of this form.</exception>
    public static BoxAnnotations Read(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new InvalidFileException(folder, "has no .xml: VOC's folder Annotations has one a picture");
        var read = files.ToDictionary(file => Path.GetFileNameWithoutExtension(file), Objects);
        // By name, which is VOC's own order.
        string[] classes = [.. read.Values.SelectMany(objects => objects).Select(one => one.Name).Distinct().Order(StringComparer.Ordinal)];
        return new BoxAnnotations(folder, Voc: true, classes, read.ToDictionary(
            entry => entry.Key,
            entry => (IReadOnlyList<TrueBox>)[.. entry.Value.Select(one => new TrueBox(Array.IndexOf(classes, one.Name), one.Box, one.Difficult))]));
    }

    private static List<(string Name, Box Box, bool Difficult)> Objects(string file)
    {
        try
        {
            return [.. XDocument.Load(file).Root!.Elements("object").Select(one => (
                one.Element("name")!.Value.Trim(), BoxOf(one.Element("bndbox")!), one.Element("difficult")?.Value.Trim() == "1"))];
        }
        catch (Exception error) when (error is XmlException or NullReferenceException or FormatException)
        {
            throw new InvalidFileException(file, $"is no annotation of VOC: {error.Message}", error);
        }
    }

    private static Box BoxOf(XElement box)
    {
        double Edge(string name) => double.Parse(box.Element(name)!.Value, CultureInfo.InvariantCulture);
        return new Box(Edge("xmin") - 1, Edge("ymin") - 1, Edge("xmax"), Edge("ymax"));
    }
}
