using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks.Parity;

/// <summary>
/// Our networks give the numbers of independent implementations: one line for each file of <c>tests/parity/fixtures</c>, in the order of
/// their names. See <c>tests/parity/README.md</c>.
/// </summary>
public sealed class ParityTests
{
    private static readonly Dictionary<string, Action<ParityFixture>> Cases = new()
    {
        ["alexnet"] = fixture => CheckBackbone(fixture, new AlexNet(), [1, 3, 64, 71], "relu5"),
        ["discriminator_dcgan2"] = fixture => Check(
            fixture, new DcganDiscriminator(new() { Channels = 1, Width = 4 }), [2, 1, 24, 33], (judge, picture) => judge.Forward(picture)),
        ["discriminator_unet"] = CheckSpectralNorm,
        ["discriminator_vgg128"] = fixture => Check(
            fixture, new VggDiscriminator(new() { Width = 4, Conditional = true }), [2, 3, 128, 128],
            (judge, picture) => judge.Forward(picture, Formula.Picture("compressed", 2, 3, 128, 128))),
        ["iegan"] = fixture => Check(fixture, new Iegan(new() { Width = 6, Blocks = 2 }), [1, 3, 17, 23]),
        ["inception_v3_fid"] = fixture => Check(
            fixture, new InceptionV3(new() { Size = 107 }), [1, 3, 40, 52], (network, picture) => network.FidFeatures(picture)),
        ["msrresnet"] = fixture => Check(fixture, new MsrResNet(new() { Width = 8, Blocks = 2 }), [1, 3, 17, 23]),
        ["resnet50"] = fixture => CheckBackbone(fixture, new ResNet50(new()), [1, 3, 17, 33], "layer4"),
        ["resnet50_dagn"] = fixture => CheckBackbone(fixture, new ResNet50(new() { LastStride = 1, Normalise = false }), [1, 3, 17, 33], "layer4"),
        ["rrdbnet_x1"] = fixture => CheckRrdb(fixture, 1),
        ["rrdbnet_x2"] = fixture => CheckRrdb(fixture, 2),
        ["rrdbnet_x4"] = fixture => CheckRrdb(fixture, 4),
        ["squeezenet1_1"] = fixture => CheckBackbone(fixture, new SqueezeNet(), [1, 3, 33, 41], "fire8"),
        ["vgg16"] = fixture => CheckBackbone(fixture, new Vgg(new Vgg16Options()), [1, 3, 32, 48], "relu5_3"),
        ["vgg19"] = fixture => CheckBackbone(fixture, new Vgg(new VggOptions()), [1, 3, 32, 48], "conv5_4"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_gives_the_numbers_of_its_reference(string name)
    {
        using var fixture = ParityFixture.Open(name);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Cases[name](fixture);
    }

    [Fact]
    public void Every_fixture_is_tested() => Assert.Equal(ParityFixture.Names, Cases.Keys.Order(StringComparer.Ordinal));

    /// <summary>A restoration network on the picture "input" of this shape.</summary>
    private static void Check(ParityFixture fixture, Network network, long[] shape)
        => Check(fixture, network, shape, (made, picture) => made.Forward(picture));

    private static void Check<T>(ParityFixture fixture, T module, long[] shape, Func<T, Tensor, Tensor> forward) where T : Module
    {
        using (fixture.Fill(module))
            fixture.AssertEqual(forward(module, Formula.Picture("input", shape)));
    }

    private static void CheckBackbone(ParityFixture fixture, Backbone backbone, long[] shape, string layer)
    {
        using (fixture.Fill(backbone))
            fixture.AssertEqual(backbone.Features(Formula.Picture("input", shape), layer)[layer], layer);
    }

    private static void CheckRrdb(ParityFixture fixture, int scale)
        => Check(fixture, new RrdbNet(new() { Width = 6, Blocks = 2, Growth = 4, Scale = scale }), [1, 3, 8, 12], (network, x) => network.Enlarge(x));

    // One forward in training moves the singular vectors, evaluation uses them.
    private static void CheckSpectralNorm(ParityFixture fixture)
    {
        using var judge = fixture.Fill(new UNetDiscriminator(new() { Width = 6 }));
        var picture = Formula.Picture("input", 1, 3, 16, 24);
        judge.Train();
        fixture.AssertEqual(judge.Forward(picture), "training");
        judge.Eval();
        fixture.AssertEqual(judge.Forward(picture), "evaluation");
    }
}
