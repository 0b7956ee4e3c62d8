using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Lab.Reports.Sheets;
using Unpress.Networks;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Lab.Reports;

public sealed class FeatureSheetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-features-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("dagn-autoencoder", """{ "encoderWidth": 2, "encoderBlocks": [1, 1, 1, 1], "decoderWidth": 64 }""", "layer4")]
    [InlineData("encoder", """{ "width": 4 }""", "conv5_4")]
    public void Features_of_stronger_compression_are_further_away_and_a_sheet_shows_them(string network, string options, string layer)
    {
        string model = Model(network, options);
        var sheet = FeatureSheet.Draw(model, Picture(), [90, 10], 3, default);
        Assert.Equal(layer, sheet.Layer);
        Assert.Equal([90, 10], sheet.Changes.Select(change => change.Quality));
        Assert.InRange(sheet.Changes[0].Change, 1e-6, sheet.Changes[1].Change - 1e-6);
        Assert.InRange(sheet.Picture.Width, 3 * 128, 1200); // a name, then three columns
        Assert.True(sheet.Picture.Height > 3 * 128); // the original and two qualities
        Assert.Contains((byte)0, sheet.Picture.Data);
    }

    [Fact]
    public void A_network_without_an_encoder_is_refused_by_its_name()
    {
        string model = Model("dncnn", """{ "channels": 3, "depth": 3, "width": 4 }""");
        var error = Assert.Throws<InvalidFileException>(() => FeatureSheet.Draw(model, Picture(), [10], 2, default));
        Assert.Contains("holds a dncnn", error.Message, StringComparison.Ordinal);
    }

    private string Model(string network, string options)
    {
        var entry = NetworkCatalog.Find(network);
        var json = JsonNode.Parse(options)!.AsObject();
        using var made = entry.Create(json);
        string path = Path.Combine(_folder.FullName, network + ".safetensors");
        ModelFile.Save(path, entry, json, made.StateDict().Select(item => item.Tensor.ToStored(item.Name)));
        return path;
    }

    private static ImageBuffer Picture()
    {
        var picture = new ImageBuffer(96, 64, ColourModel.Rgb);
        var random = new Random(3);
        for (int i = 0; i < picture.Data.Length; i++)
            picture.Data[i] = (byte)Math.Clamp((i / 3 % 96 * 2) + random.Next(60), 0, 255);
        return picture;
    }
}
