using System.Text.Json.Nodes;
using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Networks.Profiling;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>The networks that work on the coefficients of a file: sizes, and that the file's intervals hold them.</summary>
public sealed class CoefficientNetworkTests
{
    [Theory]
    [InlineData("dmcnn", "{}", 4_683_459)]
    [InlineData("ddcn", "{}", 963_138)]
    [InlineData("d3", "{}", 66_048)]
    [InlineData("tnrd", "{}", 21_312)]
    [InlineData("daqe", "{}", 921_482)]
    [InlineData("qgac", """{ "channels": 1 }""", 256_763_000)]
    [InlineData("qgac", "{}", 259_408_000)]
    public void They_have_the_published_number_of_parameters_or_ours(string name, string options, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = NetworkCatalog.Find(name).Create(JsonNode.Parse(options)!.AsObject());
        // QGAC is published to five digits.
        Assert.Equal(expected, name == "qgac" ? network.ParameterCount() / 1000 * 1000 : network.ParameterCount());
    }

    [Theory]
    [InlineData("blocks_encode.", 94.76)]
    [InlineData("frequencynet.", 0.72)]
    [InlineData("blocks_decode.", 160.83)]
    [InlineData("fusion.", 0.45)]
    [InlineData("color_net.", 2.65)]
    public void Parts_of_qgac_have_the_published_numbers_of_parameters(string part, double millions)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = NetworkCatalog.Find("qgac").Create();
        long count = network.NamedParameters().Where(p => p.Name.StartsWith(part, StringComparison.Ordinal)).Sum(p => p.Tensor.Count);
        Assert.Equal(millions, count / 1e6, 2);
    }

    [Theory]
    [InlineData("fbcnn", 709.6, 728.9)]
    [InlineData("qgac", 249.9, 249.9)]
    public void Operations_at_512_pixels_are_the_published_ones(string name, double billions, double billionsInTables)
    {
        var work = NetworkProfile.Of(NetworkCatalog.Find(name)).Layers.Work;
        Assert.Equal(billions, work.True / 1e9, 1);
        Assert.Equal(billionsInTables, work.Table / 1e9, 1);
    }

    [Theory]
    [InlineData("dmcnn")]
    [InlineData("ddcn")]
    [InlineData("tnrd")]
    [InlineData("qgac")]
    public void Without_coefficients_they_say_so(string name)
    {
        using var network = SmallNetworks.Make(name);
        using var input = Tensor.Rand([1, network.Facts.Channels, 16, 16]);
        var error = Assert.Throws<ArgumentException>(() => network.Forward(input));
        Assert.Contains("JPEG", error.Message);
    }

    [Fact]
    public void Tnrd_stays_within_the_intervals_of_the_file()
    {
        using var network = SmallNetworks.Make("tnrd");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var known = SmallNetworks.Know(network, 16, 24);
        var jpeg = new JpegTensors([known.Jpeg!.Planes[0] with { Table = Tensor.Ones([1, 1, 8, 8]) * 12 }]);
        var output = network.Forward(Tensor.Rand([1, 1, 16, 24]), new Conditions { Jpeg = jpeg });
        var luma = JpegLuma.Of(jpeg, 16, 24);
        var coefficients = BlockDct.Forward(TensorColour.ToSamples(output));
        var away = (coefficients - luma.Coefficients).Abs();
        Assert.True(away.Max().Item() <= 6.001, "outside its interval");
        Assert.True(away.Max().Item() > 0.01, "nothing was changed");
    }

    [Fact]
    public void The_luma_of_a_file_is_held_at_its_borders_and_passes_inside()
    {
        using var scope = TensorScope.Enter();
        var jpeg = new JpegTensors([new JpegPlane(Tensor.Ones([1, 1, 8, 8]) * 3, Tensor.Ones([1, 1, 8, 8]) * 10)]);
        var luma = JpegLuma.Of(jpeg, 8, 8);
        Assert.Equal(30, luma.Coefficients.Max().Item());
        float[] wanted = [25, 25, 27, 35, 35];
        float[] tried = [-100, 25, 27, 35, 36];
        for (int k = 0; k < tried.Length; k++)
            Assert.Equal(wanted[k], luma.Project(Tensor.Ones([1, 1, 8, 8]) * tried[k]).Max().Item());
        Assert.Throws<ArgumentException>(() => JpegLuma.Of(jpeg, 16, 8));
    }

    [Fact]
    public void Qgac_treats_frequencies_by_themselves_and_regroups_without_loss()
    {
        using var scope = TensorScope.Enter();
        var planes = Tensor.Rand([2, 3, 16, 24]);
        var gathered = FrequencyConv.Gather(planes);
        Assert.Equal([2, 192, 2, 3], gathered.Shape);
        // Frequency (row 1, column 2) is number 10: its three planes are channels 30, 31, 32.
        Assert.Equal(planes.Narrow(1, 1, 1).ToArray<float>()[(9 * 24) + 18], gathered.Narrow(0, 0, 1).Narrow(1, 31, 1).ToArray<float>()[(1 * 3) + 2]);
        Assert.Equal(planes.ToArray<float>(), FrequencyConv.Scatter(gathered).ToArray<float>());
    }
}
