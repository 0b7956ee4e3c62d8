using System.Text.Json.Nodes;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Networks.Discriminators;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Optim;

namespace Unpress.Training;

/// <summary>
/// Everything a training is, between two steps: weights, their average, the discriminator, the optimisers and the step count. The data
/// position is the step times the batch, the schedules functions of the step. <see cref="Checkpoints"/> saves it.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private const string Own = "network";

    private readonly Rival? _rival;
    private readonly Side? _opponent;

    /// <exception cref="RecipeException">The parts of the recipe do not go together. No training data has been read by then.</exception>
    public TrainingState(Recipe recipe, Device device)
    {
        Recipe = recipe;
        Compute = Compute.Of(recipe, device);
        TorchRuntime.Seed((ulong)recipe.Seed);
        Entry = NetworkCatalog.Find(recipe.Network.Type);
        Options = recipe.Network.Options.ToJson();
        Network = Entry.Create(Options);
        InitialWeights.Fill(Network, recipe);

        // Channels-last is what 512-bit CPU kernels and tensor cores like; on AVX2 it is no faster than the plain order.
        bool last = device.IsCuda || System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated;
        Format = last ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        Network.To(device, format: Format);
        Frozen.Freeze(Network, recipe.Freeze);
        Train();
        var objective = Named(recipe.Objective);
        Provenance = [.. objective.Select(term => term.Term.Provenance).OfType<string>().Distinct()];
        if (recipe.Discriminator is { } section)
        {
            bool ofFeatures = section.Type == Rival.OfFeatures;
            var discriminator = ofFeatures ? FeatureJudge() : DiscriminatorCatalog.Find(section.Type).Create(section.Options.ToJson());
            discriminator.To(device, format: Format);
            _rival = new Rival(discriminator, new GanGame(section.Gan, section.Smoothing)) { JudgesFeatures = ofFeatures };
        }

        Compatibility.Check(new LossPlan(recipe, Network, _rival), objective);
        Sides = [new Side(Own, Network, objective, recipe.Optimiser, recipe.Schedule, recipe.Steps, 0, recipe.Precision)];
        if (recipe.Discriminator is { } options)
        {
            var game = new WeightedTerm("discriminator", new DiscriminatorLoss(options.R1, options.Penalty), 1);
            _opponent = new Side(
                "discriminator", _rival!.Discriminator, [game], options.Optimiser, options.Schedule, recipe.Steps, options.Start, recipe.Precision);
            Sides = [.. Sides, _opponent];
        }

        Average = recipe.Ema is { } ema ? new Ema(Network.NamedParameters(), ema.Decay) : null;
    }

    public Recipe Recipe { get; }

    public Compute Compute { get; }

    public NetworkEntry Entry { get; }

    public JsonObject Options { get; }

    public Network Network { get; }

    /// <summary>Null when the recipe has none, whether or not it takes part yet.</summary>
    public Discriminator? Discriminator => _rival?.Discriminator;

    public MemoryFormat Format { get; }

    /// <summary>The network's side first.</summary>
    public IReadOnlyList<Side> Sides { get; }

    public Ema? Average { get; }

    /// <summary>What must be known of the losses by who uses the weights.</summary>
    public IReadOnlyList<string> Provenance { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>The discriminator, from the step on at which it begins.</summary>
    public Rival? ActiveRival => _opponent?.TakesPart(Step) == true ? _rival : null;

    /// <summary>Training mode, but for what the recipe freezes.</summary>
    public void Train() => Frozen.Train(Network, Recipe.Freeze);

    public void Dispose()
    {
        Average?.Dispose();
        foreach (var side in Sides)
            side.Dispose();
        Discriminator?.Dispose();
        Network.Dispose();
    }

    private Discriminator FeatureJudge()
        => Network is IFeatureEncoder encoder
            ? encoder.CreateFeatureJudge()
            : throw new RecipeException([$"discriminator: features: {Entry.Name} has none to judge; it is for dagn-autoencoder"]);

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
}
