using System.Globalization;
using System.Text.Json;
using Unpress.Degradations;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>A <see cref="TrainingState"/> in a file: with the generators' states it goes on to the very same bits.</summary>
internal static class Checkpoints
{
    private const string StepKey = "step";
    internal const string RecipeKey = "recipe";

    /// <summary>Writes everything needed to go on, in one file that appears whole or not at all.</summary>
    public static void Save(TrainingState state, string path)
    {
        var tensors = Groups(state).SelectMany(group => Prefixed(group.Name, group.Tensors))
            .Select(entry => entry.Tensor.ToStored(entry.Name))
            .Concat(Generators(state).Select(g => new StoredTensor(g.Name, DType.UInt8, [g.State.Length], g.State)));
        var metadata = new Dictionary<string, string> { [StepKey] = Text(state.Step), [RecipeKey] = state.Recipe.ToYaml() };
        foreach (var network in state.Networks)
            metadata[network.Name] = JsonSerializer.Serialize(new OptimiserNumbers(network.Optimizer.Steps, network.Scaler.Factor, network.Scaler.Good));
        if (state.Average is { } average)
            metadata["average"] = Text(average.Updates);
        SafeTensors.Save(path, tensors, metadata);
    }

    /// <summary>Takes up a saved training.</summary>
    /// <exception cref="TrainingException">The checkpoint is of another recipe: only how long, what is kept and what is watched may have changed.</exception>
    public static void Load(TrainingState state, string path)
    {
        using var file = WeightFile.Open(path);
        if (!file.Metadata.TryGetValue(StepKey, out string? text) || !long.TryParse(text, CultureInfo.InvariantCulture, out long step))
            throw new TrainingException($"{path}: not a checkpoint of a training");
        // Read again, so that a key that is new since then has its default in both.
        var before = Recipe.Parse(file.Metadata[RecipeKey], path);
        var now = state.Recipe;
        if ((before with { Steps = now.Steps, Checkpoint = now.Checkpoint, Validation = now.Validation }).ToYaml() != now.ToYaml())
        {
            throw new TrainingException(
                $"{path}: was made by another recipe; give --resume the recipe.yaml of its run folder (steps, checkpoint and validation may differ), or use initFrom");
        }

        if (step > now.Steps)
            throw new TrainingException($"{path}: has {step} steps already, the recipe ends at {now.Steps}");
        foreach (var (name, tensors) in Groups(state))
            Prefixed(name, tensors).Load(file.Tensors.Where(t => t.Name.StartsWith(name + ".", StringComparison.Ordinal)), path);
        state.Step = step;
        foreach (var network in state.Networks)
        {
            var numbers = JsonSerializer.Deserialize<OptimiserNumbers>(file.Metadata[network.Name])!;
            network.Optimizer.Resume(numbers.Steps);
            network.Scaler.Resume(numbers.Scale, numbers.Good);
        }

        if (state.Average is { } average)
            average.Resume(long.Parse(file.Metadata["average"], CultureInfo.InvariantCulture));
        foreach (var (name, _) in Generators(state))
            state.Parts.Randomness.SetState(name == "generator.cpu" ? Device.Cpu : state.Compute.Device, file[name].Bytes.ToArray());
    }

    /// <summary>Writes the weights to use: the average when one is kept.</summary>
    public static void SaveModel(TrainingState state, string path)
    {
        state.Average?.Swap();
        try
        {
            var metadata = new Dictionary<string, string>
            {
                ["recipe"] = state.Recipe.Name,
                [ModelFile.CodecKey] = DegradationList.CodecOf(state.Recipe.Data.Degradation).Name,
                ["steps"] = Text(state.Step),
                ["seed"] = Text(state.Recipe.Seed),
            };
            if (state.Provenance.Count > 0)
                metadata["features"] = string.Join("; ", state.Provenance);
            ModelFile.Save(path, state.Parts.Entry, state.Parts.Options, state.Network.StateDict().Select(p => p.Tensor.ToStored(p.Name)), metadata);
        }
        finally
        {
            state.Average?.Swap();
        }
    }

    private static IEnumerable<(string Name, IEnumerable<(string Name, Tensor Tensor)> Tensors)> Groups(TrainingState state)
    {
        yield return ("network", state.Network.StateDict());
        yield return ("average", state.Average?.StateDict() ?? []);
        if (state.Discriminator is { } discriminator)
            yield return ("discriminator", discriminator.StateDict());
        foreach (var network in state.Networks)
            yield return ($"{network.Name}-optimiser", network.Optimizer.StateDict());
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Prefixed(string prefix, IEnumerable<(string Name, Tensor Tensor)> entries)
        => entries.Select(entry => ($"{prefix}.{entry.Name}", entry.Tensor));

    private static IEnumerable<(string Name, byte[] State)> Generators(TrainingState state)
    {
        yield return ("generator.cpu", state.Parts.Randomness.State(Device.Cpu));
        if (state.Compute.Device.IsCuda)
            yield return ("generator.cuda", state.Parts.Randomness.State(state.Compute.Device));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is kept of an optimiser besides tensors.</summary>
    private sealed record OptimiserNumbers(long Steps, double Scale, long Good);
}
