using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>What must hold for every network of the catalogue; a new one is tested before its author writes a test.</summary>
public sealed class NetworkCatalogTests
{
    public static TheoryData<string> Names => [.. NetworkCatalog.All.Select(entry => entry.Name)];

    [Fact]
    public void Names_are_unique()
        => Assert.Equal(NetworkCatalog.All.Count, NetworkCatalog.All.Select(entry => entry.Name.ToUpperInvariant()).Distinct().Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Odd_sizes_go_through_and_every_parameter_gets_a_gradient(string name)
    {
        using var network = SmallNetworks.Make(name);
        using var scope = TensorScope.Enter();
        var output = network.Forward(Tensor.Rand([1, network.Facts.Channels, 13, 21]), SmallNetworks.Know(network, 13, 21));
        Assert.Equal([1, network.Facts.Channels, 13, 21], output.Shape);
        Assert.True(output.AllFinite());
        output.Square().Sum().Backward();
        foreach (var (parameter, tensor) in network.NamedParameters().Where(p => p.Tensor.RequiresGrad && !SmallNetworks.LearnsElsewhere(p.Name)))
            Assert.True(tensor.Grad is { } grad && grad.Abs().Sum().Item() > 0, $"{name}: {parameter} has no gradient");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_slopes(string name)
    {
        using var network = SmallNetworks.Make(name);
        network.To(Device.Cpu, DType.Float64);
        network.Eval();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, network.Facts.Channels, 13, 21], DType.Float64);
        var known = SmallNetworks.Know(network, 13, 21).Map(tensor => tensor.To(DType.Float64));
        SlopeCheck.Run(() => network.Forward(input, known), [("input", input), .. network.NamedParameters()]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_stated_receptive_field_is_not_smaller_than_the_true_one(string name)
    {
        using var network = SmallNetworks.Make(name);
        network.Eval();
        if (network.Facts.SeesWhole)
            return; // there is no receptive field to state; its convolutions' is tested beside the network
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        network.Eval();
        int receptiveField = network.Facts.ReceptiveField, multiple = network.Facts.SizeMultiple;
        long size = (2L * receptiveField) + (6L * multiple);
        var picture = Tensor.Rand([1, network.Facts.Channels, 2 * multiple, size]);
        var known = network.Survey(picture, SmallNetworks.Know(network, 2 * multiple, (int)size));
        var changed = picture.Clone();
        // A change in the first cell of columns, of pixels and of coefficients, must not be seen beyond it by more than the receptive field.
        changed.Narrow(3, 0, multiple).Fill(0.9);
        var difference = (network.Forward(picture, known) - network.Forward(changed, SmallNetworks.Change(known, multiple))).Abs();
        // Tiles that are computed together may round otherwise than alone.
        Assert.InRange(difference.Narrow(3, multiple + receptiveField, size - multiple - receptiveField).Max().Item(), 0, 1e-6);
        Assert.True(difference.Narrow(3, 0, multiple).Max().Item() > 1e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Saved_and_loaded_it_gives_the_same_numbers(string name)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("unpress-model-").FullName, "model.safetensors");
        var entry = NetworkCatalog.Find(name);
        using var network = SmallNetworks.Make(name);
        ModelFile.Save(path, entry, SmallNetworks.Options(name), network.StateDict().Select(p => Torch.Weights.TensorExchange.ToStored(p.Tensor, p.Name)));
        using var loaded = ModelFile.Load(path);
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, network.Facts.Channels, 16, 16]);
        var known = SmallNetworks.Know(network, 16, 16);
        network.Eval();
        Assert.Equal(network.Forward(input, known).ToArray<float>(), loaded.Network.Forward(input, known).ToArray<float>());
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    /// <summary>Autocast mixes types, and not every operator takes the mix; emulated where the CPU has no bf16.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void In_bf16_it_computes_nearly_the_same_and_can_be_trained(string name)
    {
        using var network = SmallNetworks.Make(name);
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, network.Facts.Channels, 16, 24]);
        var known = SmallNetworks.Know(network, 16, 24);
        network.Eval();
        var exact = network.Forward(input, known);
        Tensor rounded;
        using (Autograd.Autocast(Device.Cpu, DType.BFloat16))
            rounded = network.Forward(input, known).To(DType.Float32);
        double range = exact.Max().Item() - exact.Min().Item();
        double most = name == "daqe" ? 0.1 : 0.02; // DAQE's patches fall into groups, and a rounding may change the group
        Assert.InRange((rounded - exact).Abs().Mean().Item() / range, 0, most);

        network.Train();
        using (Autograd.Autocast(Device.Cpu, DType.BFloat16))
            rounded = network.Forward(input, known).To(DType.Float32);
        rounded.Square().Sum().Backward();
        Assert.All(network.NamedParameters().Where(p => p.Tensor.Grad is not null), p => Assert.True(p.Tensor.Grad!.AllFinite(), p.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_unknown_option_is_an_error_that_names_it(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => NetworkCatalog.Find(name).Create(new JsonObject { ["wdth"] = 3 }));
        Assert.Contains("wdth", error.Message);
    }

    [Fact]
    public void The_default_network_starts_as_identity()
    {
        TorchRuntime.Seed(4);
        using var network = NetworkCatalog.Find("unpress").Create();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 24, 24]);
        Assert.Equal(input.ToArray<float>(), network.Forward(input).ToArray<float>());
    }
}
