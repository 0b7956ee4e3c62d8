using System.Text.Json.Nodes;
using Unpress.Degradations;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Networks.Discriminators;
using Unpress.Recipes;
using Unpress.Torch;

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
        Degradation = DegradationList.Create(recipe.Data.Degradation);
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
            bool ofFeatures = section.Type == Rival.OfFeatures;
            var discriminator = ofFeatures ? FeatureJudge(section) : DiscriminatorCatalog.Find(section.Type).Create(section.Options.ToJson());
            discriminator.To(device, format: format);
            Rival = new Rival(discriminator, new GanGame(section.Gan, section.Smoothing)) { JudgesFeatures = ofFeatures };
        }

        Compatibility.Check(new LossPlan(recipe, Network, Rival), Objective);
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
    public Rival? Rival { get; }

    private Discriminator FeatureJudge(DiscriminatorSection section)
    {
        section.Options.Read<NoOptions>();
        return Network is IFeatureEncoder encoder
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
