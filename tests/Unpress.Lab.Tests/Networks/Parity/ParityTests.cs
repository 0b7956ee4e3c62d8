using Unpress.Jpeg;
using Unpress.Metrics;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks.Parity;

/// <summary>
/// Our networks give the numbers of independent implementations: one line for each file of <c>tests/parity/fixtures</c>, in the order of
/// their names. See <c>tests/parity/README.md</c>.
/// </summary>
public sealed class ParityTests
{
    private static readonly Dictionary<string, Action<ParityFixture>> Cases = new()
    {
        ["ahiq"] = fixture => CheckDistance(
            fixture, new AhiqNetwork(
                new() { Crop = 32, Width = 6, Heads = 2, Blocks = 2, Compared = 4, Backbone = new() { Width = 4, Blocks = [3, 1, 1, 1] } }),
            [1, 3, 53, 70], (network, a, b) => network.Forward(a, b).Reshape(1)),
        ["ahiq_augreg"] = CheckAugreg,
        ["alexnet"] = fixture => CheckBackbone(fixture, new AlexNet(), [1, 3, 64, 71], "relu5"),
        ["arcnn"] = fixture => Check(fixture, new ArCnn(new() { Widths = [6, 4, 3] }), [2, 1, 11, 14]),
        ["arcnn_prelu"] = fixture => Check(fixture, new ArCnn(new() { Channels = 3, Widths = [6, 4, 3], PRelu = true }), [2, 3, 11, 14]),
        ["arcnn_residual"] = fixture => Check(fixture, new ArCnn(new() { Channels = 3, Widths = [6, 4, 3], Residual = true }), [2, 3, 11, 14]),
        ["cbdnet"] = fixture => Check(fixture, new CbdNet(new() { EstimatorWidth = 4, Width = 3 }), [1, 3, 12, 16]),
        ["clipiqa"] = fixture => Check(
            fixture,
            new ClipIqaNetwork(new()
            {
                Pairs = [([3, 4, 5], [7, 4, 5]), ([1, 2], [9, 8, 2, 6])],
                Width = 4,
                Blocks = [1, 2, 1, 1],
                Features = 6,
                TextWidth = 8,
                TextHeads = 2,
                TextBlocks = 2,
                Vocabulary = 20,
                Context = 9,
            }),
            [2, 3, 70, 101], (network, picture) => network.Forward(picture)),
        ["dcad"] = fixture => Check(fixture, new Dcad(new() { Width = 5, Depth = 4 }), [2, 3, 11, 14]),
        ["dagn"] = fixture => CheckDagn(fixture, DagnFusionKind.Added),
        ["dagn_encoder"] = fixture => Check(
            fixture, new DagnEncoder(64, [3, 4, 6, 3]), [1, 3, 48, 32], (encoder, picture) => encoder.Compress(encoder.Encode(picture))),
        ["dagn_joined"] = fixture => CheckDagn(fixture, DagnFusionKind.Joined),
        ["discriminator_dcgan2"] = fixture => Check(
            fixture, new DcganDiscriminator(new() { Channels = 1, Width = 4 }), [2, 1, 24, 33], (judge, picture) => judge.Forward(picture)),
        ["discriminator_unet"] = CheckSpectralNorm,
        ["discriminator_vgg128"] = fixture => Check(
            fixture, new VggDiscriminator(new() { Width = 4, Conditional = true }), [2, 3, 128, 128],
            (judge, picture) => judge.Forward(picture, Formula.Picture("compressed", 2, 3, 128, 128))),
        ["dists"] = fixture => CheckDistance(
            fixture, new DistsNetwork(new Vgg(new Vgg16Options { Width = 4, L2Pooling = true }), width: 4), [1, 3, 27, 38], (network, a, b)
                => network.Forward(a, b)),
        ["dncnn"] = fixture => Check(fixture, new DnCnn(new() { Width = 5, Depth = 6 }), [2, 1, 11, 14]),
        ["dncnn_norm"] = fixture => Check(
            fixture, new DnCnn(new() { Channels = 3, Width = 5, Depth = 6, BatchNorm = true, Subtract = false }), [2, 3, 11, 14]),
        ["fbcnn"] = CheckFbcnn,
        ["hyperiqa"] = fixture => CheckHyperIqa(fixture, [1, 3, 231, 246]),
        ["hyperiqa_small"] = fixture => CheckHyperIqa(fixture, [1, 3, 61, 47]),
        ["iegan"] = fixture => Check(fixture, new Iegan(new() { Width = 6, Blocks = 2 }), [1, 3, 17, 23]),
        ["inception_v3_fid"] = fixture => Check(
            fixture, new InceptionV3(new() { Size = 107 }), [1, 3, 40, 52], (network, picture) => network.FidFeatures(picture)),
        ["inception_v3_fid_clean"] = fixture => Check(
            fixture, new InceptionV3(new() { Size = 107, Clean = true }), [1, 3, 150, 90], (network, picture) => network.FidFeatures(picture)),
        ["ipt"] = fixture => Check(
            fixture, new Ipt(new() { Width = 4, Patch = 12, Heads = 3, Layers = 2, Stride = 3 }), [2, 3, 12, 12],
            (network, squares) => network.RestoreSquares(squares)),
        ["lpips_alex"] = fixture => CheckDistance(
            fixture, new LpipsNetwork(new AlexNet(), Lpips.Alex.Layers), [1, 3, 39, 52], (network, a, b) => network.Forward(a, b)),
        ["lpips_squeeze"] = fixture => CheckDistance(
            fixture, new LpipsNetwork(new SqueezeNet(), Lpips.Squeeze.Layers), [1, 3, 35, 46], (network, a, b) => network.Forward(a, b)),
        ["lpips_vgg"] = fixture => CheckDistance(
            fixture, new LpipsNetwork(new Vgg(new Vgg16Options()), Lpips.Vgg.Layers), [1, 3, 33, 39], (network, a, b) => network.Forward(a, b)),
        ["mprnet"] = fixture => CheckAll(
            fixture, new MprNet(new() { Width = 4, UNetGrowth = 2, FullSizeGrowth = 3, Blocks = 1, Reduction = 2 }), [1, 3, 16, 24],
            network => network.AllStages, ["stage1", "stage2", "stage3"]),
        ["msrresnet"] = fixture => Check(fixture, new MsrResNet(new() { Width = 8, Blocks = 2 }), [1, 3, 17, 23]),
        ["musiq"] = fixture => CheckMusiq(fixture, 1),
        ["musiq_ava"] = fixture => CheckMusiq(fixture, 10),
        ["mwcnn"] = fixture => Check(fixture, new Mwcnn(new() { Width = 3 }), [2, 1, 16, 24]),
        ["rbqe"] = fixture => CheckAll(
            fixture, new Rbqe(new() { Width = 4, Depth = 3 }), [1, 3, 11, 14], network => network.AllExits, ["exit0", "exit1", "exit2"]),
        ["rbqe_attention"] = fixture => CheckAll(
            fixture, new Rbqe(new() { Channels = 1, Width = 4, Depth = 2, Attention = true }), [2, 1, 8, 9],
            network => network.AllExits, ["exit0", "exit1"]),
        ["rbqe_one"] = fixture => CheckAll(
            fixture, new Rbqe(new() { Width = 4, Depth = 2, EarlyExit = false }), [1, 3, 8, 9], network => network.AllExits, ["exit0"]),
        ["rbqe_quality"] = CheckBlindQuality,
        ["rdn"] = fixture => Check(fixture, new Rdn(new() { Width = 5, Growth = 4, Blocks = 3, Layers = 2 }), [2, 3, 9, 13]),
        ["qgac"] = CheckQgac,
        ["resnet50"] = fixture => CheckBackbone(fixture, new ResNet50(new()), [1, 3, 17, 33], "layer4"),
        ["resnet50_dagn"] = fixture => CheckBackbone(fixture, new ResNet50(new() { LastStride = 1, Normalise = false }), [1, 3, 17, 33], "layer4"),
        ["rnan"] = fixture => Check(fixture, new Rnan(new() { Channels = 3, Width = 4, Groups = 3, Window = 10, Range = 2 }), [2, 3, 10, 10]),
        ["rrdbnet_x1"] = fixture => CheckRrdb(fixture, 1),
        ["rrdbnet_x2"] = fixture => CheckRrdb(fixture, 2),
        ["rrdbnet_x4"] = fixture => CheckRrdb(fixture, 4),
        ["squeezenet1_1"] = fixture => CheckBackbone(fixture, new SqueezeNet(), [1, 3, 33, 41], "fire8"),
        ["swinir_colour"] = fixture => Check(
            fixture, new SwinIr(new() { Width = 8, Depths = [3], Heads = [2], MlpRatio = 1.5, TrainingSize = 21 }), [1, 3, 17, 23]),
        ["swinir_gray"] = fixture => Check(
            fixture, new SwinIr(new() { Channels = 1, Width = 12, Depths = [2, 2], Heads = [2, 3], TrainingSize = 14 }), [2, 1, 14, 9]),
        ["tnrd"] = fixture => Check(
            fixture, new Tnrd(new() { Stages = 2, FilterSize = 3 }), [2, 1, 16, 24],
            (network, picture) => network.Forward(picture, new Conditions { Jpeg = new JpegTensors([Plane("coefficients", "table", 1, 16, 24)]) })),
        ["topiq_fr"] = fixture => CheckDistance(fixture, SmallTopiq(reference: true), [2, 3, 70, 101], (network, a, b) => network.Forward(a, b)),
        ["topiq_nr"] = fixture => CheckDistance(fixture, SmallTopiq(reference: false), [2, 3, 70, 101], (network, a, _) => network.Forward(a)),
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

    /// <summary>
    /// A network with several outputs, named as in the fixture; in float64, as the reference: MPRNet's numbers grow by the formula's weights
    /// until float32 loses the fourth digit.
    /// </summary>
    private static void CheckAll<T>(ParityFixture fixture, T network, long[] shape, Func<T, Func<Tensor, Tensor[]>> forward, string[] names)
        where T : Network
    {
        using var filled = fixture.Fill(network);
        filled.To(Device.Cpu, DType.Float64);
        var outputs = forward(filled)(Formula.Picture("input", shape).To(DType.Float64));
        foreach (var (name, output) in names.Zip(outputs))
            fixture.AssertEqual(output.To(DType.Float32), name);
    }

    /// <summary>A metric's network on two pictures, in float64 as the reference: what is left of two similar pictures is small.</summary>
    private static void CheckDistance<T>(ParityFixture fixture, T network, long[] shape, Func<T, Tensor, Tensor, Tensor> forward) where T : Module
    {
        using var filled = fixture.Fill(network);
        filled.To(Device.Cpu, DType.Float64);
        var (a, b) = (Formula.Picture("a", shape).To(DType.Float64), Formula.Picture("b", shape).To(DType.Float64));
        fixture.AssertEqual(forward(filled, a, b).To(DType.Float32));
    }

    // The names, shapes and numbers of the file are the reference's; the network is ours.
    private static void CheckAugreg(ParityFixture fixture)
    {
        string path = Path.Combine(Path.GetTempPath(), $"vit-{Guid.NewGuid():N}.npz");
        try
        {
            NumpyArchive.Save(path, fixture.Tensors.Select(tensor => Formula.Weights(tensor.Name, tensor.Shape).ToStored(tensor.Name)));
            using var network = new VisionTransformer(side: 32, patch: 8, width: 6, heads: 2, blocks: 2);
            AugregWeights.Fill(network, path);
            fixture.AssertEqual(network.Forward(Formula.Picture("input", 2, 3, 32, 32)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void CheckHyperIqa(ParityFixture fixture, long[] shape)
        => Check(fixture, new HyperIqaNetwork(new() { Width = 4, Blocks = [1, 2, 1, 1] }), shape, (network, picture) => network.Forward(picture).Reshape(1));

    private static void CheckMusiq(ParityFixture fixture, int outputs)
        => Check(
            fixture, new MusiqNetwork(new() { Sides = [64, 96], Stem = 4, Groups = 2, Width = 6, Heads = 2, Blocks = 2, Inner = 10, Outputs = outputs }),
            [1, 3, 75, 110], (network, picture) => network.Forward(picture));

    private static TopiqNetwork SmallTopiq(bool reference)
        => new(new() { Reference = reference, Width = 8, Heads = 2, Inner = 12, Backbone = new() { Width = 4, Blocks = [1, 2, 1, 1] } });

    private static void CheckBlindQuality(ParityFixture fixture)
    {
        var picture = fixture.Stored("picture");
        fixture.AssertEqual(Tensor.From([(float)BlindQuality.Score(picture, 8)], 1), "jpeg");
        fixture.AssertEqual(Tensor.From([(float)BlindQuality.Score(picture, 4)], 1), "hevc");
        fixture.AssertEqual(Tensor.From([(float)BlindQuality.Score(picture.Narrow(1, 0, 1), 8)], 1), "gray");
    }

    private static void CheckBackbone(ParityFixture fixture, Backbone backbone, long[] shape, string layer)
    {
        using (fixture.Fill(backbone))
            fixture.AssertEqual(backbone.Features(Formula.Picture("input", shape), layer)[layer], layer);
    }

    private static void CheckDagn(ParityFixture fixture, DagnFusionKind fusion) => Check(
        fixture,
        new Dagn(new() { Widths = [4, 6, 6, 8], Blocks = 1, EncoderWidth = 2, EncoderBlocks = [1, 2, 1, 1], GuiderWidth = 6, Fusion = fusion }),
        [2, 3, 17, 33]);

    // With the quality that it finds itself, and with one that is given.
    private static void CheckFbcnn(ParityFixture fixture)
    {
        using var network = fixture.Fill(new Fbcnn(new() { Widths = [4, 5, 6, 8], Blocks = 2 }));
        var picture = Formula.Picture("input", 2, 3, 19, 21);
        fixture.AssertEqual(network.Forward(picture), "blind");
        fixture.AssertEqual(network.PredictQuality(picture), "quality");
        fixture.AssertEqual(network.Forward(picture, new Conditions { Quality = Tensor.Ones([2, 1]) * 35 }), "told");
    }

    // In 4:2:0, with coefficients that need no normalisation.
    private static void CheckQgac(ParityFixture fixture)
    {
        using var network = fixture.Fill(new Qgac(new() { Features = 3, Planes = 2, FrequencyWidth = 1, ChromaWidth = 2, ManifoldWidth = 3 }));
        network.NamedBuffers().First(buffer => buffer.Name == "stats.std").Tensor.Fill(1);
        var jpeg = new JpegTensors([Plane("y", "table_y", 2, 16, 32), Plane("cb", "table_c", 1, 8, 16), Plane("cr", "table_c", 1, 8, 16)]);
        fixture.AssertEqual(network.Forward(Formula.Picture("pixels are not looked at", 2, 3, 16, 32), new Conditions { Jpeg = jpeg }));
    }

    // Whole numbers from −6 to 6, steps from 5 to 25: blocks.py of the references.
    private static JpegPlane Plane(string name, string table, int factor, long height, long width) => new(
        Round.Call((Formula.Picture(name, 2, 1, height, width) - 0.5) * 12), Round.Call((Formula.Picture(table, 2, 1, 8, 8) * 20) + 5), factor, factor);

    private static readonly Op Round = Op.Find("aten::round");

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
