using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>AHIQ as pyiqa runs it, with the backbones that its authors trained it on.</summary>
public sealed class Ahiq : PairNetworkMetric<AhiqNetwork>
{
    private const string Weights = "ahiq", Convolutions = "resnet50-a1", Transformer = "vit-b8";

    public Ahiq()
        : base("ahiq", "Quality against a reference by a transformer that says where a convolutional network looks, trained on PIPAL", Promise, Load)
    {
    }

    private static MetricContract Promise => new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "RGB, (x − mean)/deviation of ImageNet in 0..1 (its authors take 0.5 and 0.5); gray as R = G = B",
        Border = "zeros beyond; the far edges may lie outside the crops",
        Window = "mean of 20 crops of 224×224, the first of 5×5 from the top left; its authors' crops are random",
        Range = "about 0..1",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = 224,
        Weights = [Weights, Convolutions, Transformer],
        Source = "Lao et al., CVPR Workshops 2022; pyiqa's crops and range, the backbones of timm 0.5.4",
    };

    private protected override Tensor Score(AhiqNetwork network, Tensor picture, Tensor reference) => network.Forward(picture, reference);

    private static AhiqNetwork Load()
    {
        string path = OfficialFiles.Require(Weights), transformer = OfficialFiles.Require(Transformer);
        var network = new AhiqNetwork(new AhiqOptions(), (ResNet50)ResNet50.Entry.Load(OfficialFiles.Require(Convolutions)));
        AugregWeights.Fill(network.Transformer, transformer);
        using var file = WeightFile.Open(path);
        foreach (string part in (string[])[AhiqNetwork.FusionPart, AhiqNetwork.RegressorPart])
            network.StateDict().Where(entry => entry.Name.StartsWith(part + '.', StringComparison.Ordinal))
                .Load(Inside(file, part), path);
        return network;
    }

    // Beside them lies the state of the optimiser.
    private static IEnumerable<StoredTensor> Inside(WeightFile file, string part)
    {
        string container = $"{part}_model_state_dict.";
        return file.Tensors.Where(tensor => tensor.Name.StartsWith(container, StringComparison.Ordinal))
            .Select(tensor => tensor.Renamed($"{part}.{tensor.Name[container.Length..]}"));
    }
}
