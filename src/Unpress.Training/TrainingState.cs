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

    private readonly TrainedNetwork? _opponent;

    /// <exception cref="RecipeException">The parts of the recipe do not go together. No training data has been read by then.</exception>
    public TrainingState(Recipe recipe, Device device)
    {
        Recipe = recipe;
        Format = device.FastFormat;
        Parts = new TrainingParts(recipe, device, Format);
        Provenance = [.. Parts.Objective.Select(term => term.Term.Provenance).OfType<string>().Distinct()];
        Networks = [new TrainedNetwork(Own, Network, Parts.Objective, recipe.Optimiser, recipe.Schedule, recipe.Steps, 0, recipe.Precision)];
        if (recipe.Discriminator is { } options)
        {
            var game = new WeightedTerm("discriminator", new DiscriminatorLoss(options.R1, options.Penalty), 1);
            _opponent = new TrainedNetwork(
                "discriminator", Discriminator!, [game], options.Optimiser, options.Schedule, recipe.Steps, options.Start, recipe.Precision);
            Networks = [.. Networks, _opponent];
        }

        Average = recipe.Ema is { } ema ? new Ema(Network.NamedParameters(), ema.Decay) : null;
    }

    public Recipe Recipe { get; }

    public TrainingParts Parts { get; }

    public Compute Compute => Parts.Compute;

    public Network Network => Parts.Network;

    /// <summary>Null when the recipe has none, whether or not it takes part yet.</summary>
    public Discriminator? Discriminator => Parts.Gan?.Discriminator;

    public MemoryFormat Format { get; }

    /// <summary>The network that restores first, then its discriminator, if there is one.</summary>
    public IReadOnlyList<TrainedNetwork> Networks { get; }

    public Ema? Average { get; }

    /// <summary>What must be known of the losses by who uses the weights.</summary>
    public IReadOnlyList<string> Provenance { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>The discriminator, from the step on at which it begins.</summary>
    public Gan? ActiveGan => _opponent?.TakesPart(Step) == true ? Parts.Gan : null;

    /// <summary>Training mode, but for what the recipe freezes.</summary>
    public void Train() => Frozen.Train(Network, Recipe.Freeze);

    public void Dispose()
    {
        Average?.Dispose();
        foreach (var network in Networks)
            network.Dispose();
        Discriminator?.Dispose();
        Network.Dispose();
        Parts.Randomness.Dispose();
    }
}
