using System.Globalization;
using System.Text.Json.Nodes;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Optim;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>
/// Everything a training is, between two steps: weights, their average, the optimiser and the step count. The data position is the step
/// times the batch, the schedule a function of the step, so a checkpoint of this and the generators goes on to the very same bits.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private const string StepKey = "step";
    private const string RecipeKey = "recipe";

    private readonly Recipe _recipe;

    public TrainingState(Recipe recipe, Device device)
    {
        _recipe = recipe;
        Device = device;
        TorchRuntime.Seed((ulong)recipe.Seed);
        Entry = NetworkCatalog.Find(recipe.Network.Type);
        Options = recipe.Network.Options.ToJson();
        Network = Entry.Create(Options);
        if (recipe.InitFrom is { } file)
        {
            using var weights = WeightFile.Open(file);
            Network.StateDict().Load(weights.Tensors, file);
        }

        // Channels-last is what 512-bit CPU kernels and tensor cores like; on AVX2 it is no faster than the plain order.
        bool last = device.IsCuda || System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated;
        Format = last ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        Network.To(device, format: Format);
        Objective = [.. recipe.Objective.Select(term => (LossCatalog.Create(term), term.Weight))];
        Optimizer = Make(recipe.Optimiser, Network);
        Average = recipe.Ema is { } ema ? new Ema(Network.NamedParameters(), ema.Decay) : null;
        Rate = Make(recipe.Schedule, recipe.Steps);
    }

    public Device Device { get; }

    public NetworkEntry Entry { get; }

    public JsonObject Options { get; }

    public Network Network { get; }

    public MemoryFormat Format { get; }

    public IReadOnlyList<(ILossTerm Term, double Weight)> Objective { get; }

    public Optimizer Optimizer { get; }

    public Ema? Average { get; }

    /// <summary>The learning rate's factor at a step.</summary>
    public Schedule Rate { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Writes everything needed to go on, in one file that appears whole or not at all.</summary>
    public void Save(string path)
    {
        var tensors = Prefixed("network", Network.StateDict())
            .Concat(Prefixed("optimiser", Optimizer.StateDict()))
            .Concat(Prefixed("average", Average?.StateDict() ?? []))
            .Select(entry => entry.Tensor.ToStored(entry.Name))
            .Concat(Generators().Select(g => new StoredTensor(g.Name, DType.UInt8, [g.State.Length], g.State)));
        SafeTensors.Save(path, tensors, new Dictionary<string, string>
        {
            [StepKey] = Step.ToString(CultureInfo.InvariantCulture),
            [RecipeKey] = _recipe.ToYaml(),
        });
    }

    /// <summary>Takes up a saved training.</summary>
    /// <exception cref="TrainingException">The checkpoint is of another recipe.</exception>
    public void Load(string path)
    {
        using var file = WeightFile.Open(path);
        if (!file.Metadata.TryGetValue(StepKey, out string? text) || !long.TryParse(text, CultureInfo.InvariantCulture, out long step))
            throw new TrainingException($"{path}: not a checkpoint of a training");
        if (file.Metadata[RecipeKey] != _recipe.ToYaml())
            throw new TrainingException($"{path}: was made by another recipe; give --resume the recipe.yaml of its run folder, or use initFrom");
        Fill(file, "network", Network.StateDict());
        Fill(file, "optimiser", Optimizer.StateDict());
        if (Average is not null)
            Fill(file, "average", Average.StateDict());
        Step = step;
        Optimizer.Resume(step);
        Average?.Resume(step);
        foreach (var (name, _) in Generators())
            TorchRuntime.SetGeneratorState(name == "generator.cpu" ? Torch.Device.Cpu : Device, file[name].Bytes.ToArray());
    }

    /// <summary>Writes the weights to use: the average when one is kept.</summary>
    public void SaveModel(string path)
    {
        if (Average is not null)
            Average.Swap();
        try
        {
            ModelFile.Save(path, Entry, Options, Network.StateDict().Select(p => p.Tensor.ToStored(p.Name)), new Dictionary<string, string>
            {
                ["recipe"] = _recipe.Name,
                ["steps"] = Step.ToString(CultureInfo.InvariantCulture),
                ["seed"] = _recipe.Seed.ToString(CultureInfo.InvariantCulture),
            });
        }
        finally
        {
            Average?.Swap();
        }
    }

    public void Dispose()
    {
        Average?.Dispose();
        Optimizer.Dispose();
        Network.Dispose();
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Prefixed(string prefix, IEnumerable<(string Name, Tensor Tensor)> entries)
        => entries.Select(entry => ($"{prefix}.{entry.Name}", entry.Tensor));

    private static void Fill(WeightFile file, string prefix, IEnumerable<(string Name, Tensor Tensor)> target)
        => Prefixed(prefix, target).Load(file.Tensors.Where(t => t.Name.StartsWith(prefix + ".", StringComparison.Ordinal)), file.Path);

    private IEnumerable<(string Name, byte[] State)> Generators()
    {
        yield return ("generator.cpu", TorchRuntime.GeneratorState(Torch.Device.Cpu));
        if (Device.IsCuda)
            yield return ("generator.cuda", TorchRuntime.GeneratorState(Device));
    }

    private static Optimizer Make(OptimiserSection section, Network network)
    {
        var adam = new AdamOptions(section.Betas[0], section.Betas[1], section.Epsilon, section.WeightDecay, section.Type == OptimiserType.AdamW);
        return section.Type == OptimiserType.Sgd
            ? new Sgd(network.NamedParameters(), section.Lr, section.Momentum, section.WeightDecay)
            : new Adam(network.NamedParameters(), section.Lr, adam);
    }

    private static Schedule Make(ScheduleSection section, long steps)
    {
        var schedule = section.Type switch
        {
            ScheduleType.Cosine => Schedules.Cosine(steps, section.Floor),
            ScheduleType.MultiStep => Schedules.MultiStep(section.Milestones, section.Gamma),
            _ => Schedules.Constant(),
        };
        return section.Warmup > 0 ? Schedules.WithWarmup(section.Warmup, schedule) : schedule;
    }
}
