using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

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
