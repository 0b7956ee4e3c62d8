using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Lab.Reports.Sheets;

/// <summary>How far the features of a compressed picture are from those of the original.</summary>
/// <param name="Quality">Quality factor of the JPEG, 4:2:0.</param>
/// <param name="Change">‖E(x) − E(y)‖₁ / ‖E(y)‖₁, percent.</param>
public sealed record FeatureChange(int Quality, double Change);

/// <summary>
/// What an encoder sees in a picture before and after compression, as a picture itself: figures 4 and 6 of "Sensitivity Decouple Learning for Image
/// Compression Artifacts Reduction" (DAGN, TIP 2024). A column is a channel, those that vary most over the original first; black and white are the least and
/// the largest value of the channel in all rows, so that rows compare.
/// </summary>
/// <param name="Layer">Whose features they are.</param>
/// <param name="Picture">The sheet, RGB.</param>
public sealed record FeatureSheet(string Layer, ImageBuffer Picture, IReadOnlyList<FeatureChange> Changes)
{
    /// <summary>Pixels across a map, at least.</summary>
    private const int Wide = 128;

    /// <param name="model">A model file of an encoder: dagn-autoencoder or encoder.</param>
    /// <param name="original">Gray or RGB, 8 bits.</param>
    /// <param name="maps">How many channels are shown, or all where there are fewer.</param>
    /// <exception cref="InvalidFileException">The model has no encoder, or the picture is too small for it.</exception>
    public static FeatureSheet Draw(string model, ImageBuffer original, IReadOnlyList<int> qualities, int maps, CancellationToken cancellation)
    {
        var loaded = ModelFile.Load(model);
        using var network = loaded.Network;
        string name = loaded.Metadata.GetValueOrDefault(ModelFile.NetworkKey, "network");
        Backbone encoder = network switch
        {
            DagnAutoEncoder dagn => dagn.Encoder,
            FeatureEncoder features => features.Backbone,
            _ => throw new InvalidFileException(model, $"holds a {name}, from which no features can be taken; dagn-autoencoder or encoder is expected"),
        };
        string layer = encoder is DagnEncoder ? "layer4" : encoder.Layers.Last(one => one.StartsWith("conv", StringComparison.Ordinal));
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        var before = Features(encoder, layer, original);
        var rows = new List<(string Name, FeatureMaps Maps)> { ("original", before) };
        foreach (int quality in qualities)
        {
            cancellation.ThrowIfCancellationRequested();
            var compressed = Restoration.Compress(original, JpegCodec.Instance, new CodecSettings(quality), cancellation);
            rows.Add(($"QF {quality}", Features(encoder, layer, compressed.Image)));
        }

        var sheet = new Sheet(
            $"{name}, {layer}", [.. before.Liveliest(maps).Select(channel => $"channel {channel}")],
            [.. rows.Select(row => (row.Name, Cells(rows, row.Maps, before.Liveliest(maps))))]);
        var changes = qualities.Zip(rows.Skip(1), (quality, row) => new FeatureChange(quality, row.Maps.ChangeFrom(before)));
        return new FeatureSheet(layer, sheet.Draw(), [.. changes]);
    }

    private static IReadOnlyList<SheetCell?> Cells(List<(string Name, FeatureMaps Maps)> rows, FeatureMaps own, IReadOnlyList<int> channels) =>
    [
        .. channels.Select(channel =>
        {
            float low = rows.Min(row => row.Maps.Of(channel).Min()), high = rows.Max(row => row.Maps.Of(channel).Max());
            return new SheetCell(own.Draw(channel, low, high, Math.Max(1, (Wide + own.Width - 1) / own.Width)), "");
        }),
    ];

    private static FeatureMaps Features(Backbone encoder, string layer, ImageBuffer picture)
    {
        using var scope = TensorScope.Enter();
        var input = ImageTensor.Read(picture);
        if (input.Size(1) == 1)
            input = Tensor.Cat([input, input, input], 1);
        var features = encoder.Features(input, layer)[layer];
        return new FeatureMaps(features.ToArray<float>(), (int)features.Size(1), (int)features.Size(2), (int)features.Size(3));
    }

    /// <summary>Activations of one picture, [C, H, W].</summary>
    private sealed record FeatureMaps(float[] Values, int Channels, int Height, int Width)
    {
        public float[] Of(int channel) => Values[(channel * Height * Width)..((channel + 1) * Height * Width)];

        public IReadOnlyList<int> Liveliest(int count) =>
            [.. Enumerable.Range(0, Channels).OrderByDescending(Variance).ThenBy(channel => channel).Take(count)];

        public double ChangeFrom(FeatureMaps other)
        {
            double size = other.Values.Sum(value => Math.Abs((double)value));
            return size > 0 ? 100 * Values.Zip(other.Values, (a, b) => Math.Abs((double)a - b)).Sum() / size : 0;
        }

        public ImageBuffer Draw(int channel, float low, float high, int scale)
        {
            var map = new ImageBuffer(Width * scale, Height * scale, ColourModel.Gray);
            float[] values = Of(channel);
            float range = Math.Max(high - low, float.Epsilon);
            for (int y = 0; y < map.Height; y++)
                for (int x = 0; x < map.Width; x++)
                    map.Data[(y * map.Width) + x] = (byte)Math.Round(255 * (values[(y / scale * Width) + (x / scale)] - low) / range);
            return map;
        }

        private double Variance(int channel)
        {
            float[] values = Of(channel);
            double mean = values.Average();
            return values.Average(value => (value - mean) * (value - mean));
        }
    }
}
