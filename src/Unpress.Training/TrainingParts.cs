using System.Text.Json.Nodes;
using Unpress.Degradations;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Networks.Discriminators;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>What a recipe names, made and found to go together: the network with its first weights, its objective, its rival.</summary>
internal sealed class TrainingParts
{
    /// <param name="ahead">Networks that will have left their weights in files, by full path, when this training begins.</param>
    /// <exception cref="RecipeException">The parts of the recipe do not go together. No training data has been read by then.</exception>
    public TrainingParts(Recipe recipe, Device device, MemoryFormat format, IReadOnlyDictionary<string, Network>? ahead = null)
    {
        Compute = Compute.Of(recipe, device);
        Randomness = new Randomness((ulong)recipe.Seed, device);
        using var own = Randomness.Enter();
        Degradation = DegradationList.Create(recipe.Data.Degradation, encodes: !recipe.Data.Paired);
        Entry = NetworkCatalog.Find(recipe.Network.Type);
        Options = recipe.Network.Options.ToJson();
        Network = Entry.Create(Options);
        InitialWeights.Fill(Network, recipe, ahead);
        Network.To(device, format: format);
        Frozen.Freeze(Network, recipe.Freeze);
        Frozen.Train(Network, recipe.Freeze);
        Objective = Named(recipe.Objective);
        if (recipe.Discriminator is { } section)
        {
            bool ofFeatures = section.Type == Gan.OfFeatures;
            var discriminator = ofFeatures ? FeatureJudge(section) : DiscriminatorCatalog.Find(section.Type).Create(section.Options.ToJson());
            if (section.InitFrom is { } trained)
                TrainedDiscriminator.Fill(discriminator, trained);
            discriminator.To(device, format: format);
            Gan = new Gan(discriminator, new GanGame(section.Gan, section.Smoothing)) { JudgesFeatures = ofFeatures };
        }

        Compatibility.Check(new LossPlan(recipe, Network, Gan), Objective);
    }

    public Compute Compute { get; }

    /// <summary>What the parts were made with, and what every step is to draw from.</summary>
    public Randomness Randomness { get; }

    public IDegradation Degradation { get; }

    public NetworkEntry Entry { get; }

    public JsonObject Options { get; }

    public Network Network { get; }

    public IReadOnlyList<WeightedTerm> Objective { get; }

    /// <summary>Null when the recipe has no discriminator.</summary>
    public Gan? Gan { get; }

    private Discriminator FeatureJudge(DiscriminatorSection section)
    {
        section.Options.Read<NoOptions>();
        return Network is DagnAutoEncoder encoder
            ? encoder.CreateFeatureJudge()
            : throw new RecipeException([$"discriminator: features: {Entry.Name} has none to judge; it is for dagn-autoencoder"]);
    }

    // A loss that stands in the objective twice is numbered, so that its reports are told apart.
    private static List<WeightedTerm> Named(IReadOnlyList<ObjectiveTerm> terms)
    {
        var seen = new Dictionary<string, int>();
        return [.. terms.Select(term =>
        {
            int count = seen[term.Loss] = seen.GetValueOrDefault(term.Loss) + 1;
            return new WeightedTerm(count == 1 ? term.Loss : $"{term.Loss}{count}", LossCatalog.Create(term), term.Weight);
        })];
    }

    private sealed record NoOptions;
}

/// <summary>A term of an objective with its weight, and its value in the step that is being made.</summary>
internal sealed class WeightedTerm(string name, ILossTerm term, double weight)
{
    public string Name { get; } = name;

    public ILossTerm Term { get; } = term;

    /// <summary>Unweighted.</summary>
    public double Value { get; set; }

    /// <param name="share">Of the batch, 0..1.</param>
    public Tensor Evaluate(LossInput part, double share)
    {
        var loss = Term.Evaluate(part);
        Value += loss.Item() * share;
        return loss * (weight * share);
    }
}

/// <summary>Fills a fresh network with what the recipe names: a whole model, then parts of others.</summary>
internal static class InitialWeights
{
    /// <param name="ahead">Networks that stand for files that are yet to be made, by full path.</param>
    /// <exception cref="WeightsFormatException">A file does not fit.</exception>
    /// <exception cref="RecipeException">A file is absent.</exception>
    public static void Fill(Network network, Recipe recipe, IReadOnlyDictionary<string, Network>? ahead)
    {
        if (recipe.InitFrom is { } path and not Recipe.Fresh)
        {
            string? codec = recipe.InitAcross ? null : DegradationList.CodecOf(recipe.Data.Degradation).Name;
            Take(path, ahead, tensors => (recipe.InitDeeper ? Shared(network, tensors) : network.StateDict()).Load(tensors, path), codec);
        }

        foreach (var part in recipe.InitParts)
        {
            Take(part.File, ahead, tensors => network.StateDict().Where(entry => entry.Name.StartsWith(part.To, StringComparison.Ordinal)).Load(
                tensors.Where(tensor => tensor.Name.StartsWith(part.From, StringComparison.Ordinal))
                    .Select(tensor => tensor.Renamed(part.To + tensor.Name[part.From.Length..])),
                part.File));
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Shared(Network network, IEnumerable<StoredTensor> tensors)
    {
        var stored = tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return network.StateDict().Where(entry => stored.Contains(entry.Name));
    }

    private static void Take(string path, IReadOnlyDictionary<string, Network>? ahead, Action<IEnumerable<StoredTensor>> fill, string? codec = null)
    {
        if (ahead?.GetValueOrDefault(Path.GetFullPath(path)) is { } network)
        {
            fill(network.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
            return;
        }

        if (!File.Exists(path))
            throw new RecipeException([$"initFrom: {path} does not exist{RecipeIndex.Advice(path)}"]);
        using var file = ModelWeights.Open(path);
        if (codec is not null && file.Metadata.TryGetValue(ModelFile.CodecKey, out string? others) && !others.Split(", ").Contains(codec))
        {
            throw new RecipeException(
                [$"initFrom: {path} was trained on {others}, this recipe is for {codec}; name other weights with --set initFrom=FILE, or say that it is meant: initAcross: true"]);
        }

        fill(file.Tensors);
    }
}
