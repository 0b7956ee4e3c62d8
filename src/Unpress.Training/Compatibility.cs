using Unpress.Degradations;
using Unpress.Imaging.Codecs;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Training;

/// <summary>Whether the parts that a recipe names can work together. Each is right in itself: that was checked when it was read.</summary>
internal static class Compatibility
{
    /// <exception cref="RecipeException">All the reasons why they cannot.</exception>
    public static void Check(LossPlan plan, IReadOnlyList<WeightedTerm> objective)
    {
        var reasons = OfNetwork(plan.Recipe, plan.Network)
            .Concat(OfPairs(plan.Recipe))
            .Concat(OfValidation(plan.Recipe))
            .Concat(OfDiscriminator(plan, objective))
            .Concat(objective.SelectMany(term => term.Term.Conflicts(plan).Select(reason => $"objective: {term.Name}: {reason}")))
            .ToList();
        if (reasons.Count > 0)
            throw new RecipeException(reasons);
    }

    private static IEnumerable<string> OfNetwork(Recipe recipe, Network network)
    {
        var facts = network.Facts;
        if (facts.Channels != recipe.Data.Patch.Channels)
            yield return $"network: {recipe.Network.Type} takes {facts.Channels} channels, data.patch.channels is {recipe.Data.Patch.Channels}";
        if (facts.Uses.HasFlag(Knowledge.Jpeg) && !HasCoefficients(recipe))
            yield return $"network: {recipe.Network.Type} works on the coefficients of a JPEG file, which are known of patches on the grid alone: data.degradation jpeg with aligned 1, raw 0 and one subsampling, data.patch.gray 0";
        if (recipe.TellQuality && !facts.Uses.HasFlag(Knowledge.Quality))
            yield return $"tellQuality: {recipe.Network.Type} has no use for a quality factor";
        if (recipe.TellQuality && recipe.Data.Degradation.Type != JpegCodec.Instance.Name)
            yield return $"tellQuality: quality factors are JPEG's, data.degradation is {recipe.Data.Degradation.Type}";
        if (recipe.Consistent && (!HasCoefficients(recipe) || recipe.Data.Patch.Size % 16 != 0))
            yield return "consistent: cells are known of whole coding units alone: data.degradation jpeg with aligned 1, raw 0 and one subsampling, data.patch.gray 0, data.patch.size a multiple of 16";
        if (!network.Parameters().Any(parameter => parameter.RequiresGrad))
            yield return "freeze: nothing of the network is left to be trained";
        foreach (string prefix in recipe.Freeze.Where(prefix => !network.NamedParameters().Any(entry => Frozen.Covers([prefix], entry.Name))))
            yield return $"freeze: {recipe.Network.Type} has no parameter that begins with '{prefix}'";
    }

    private static IEnumerable<string> OfPairs(Recipe recipe)
    {
        var degradation = DegradationList.Create(recipe.Data.Degradation, encodes: false);
        if (degradation is HistoryDegradation history)
        {
            if (recipe.Data.Paired != history.Copies is not null)
                yield return "data: a history takes patches from copies where its own key copies says of which codec and settings, and data.folders where they are";
            yield break;
        }

        if (!recipe.Data.Paired)
            yield break;
        if (recipe.Data.Folders.Any(folder => folder.Copies is null))
            yield return "data.folders: where one names copies, all do, except with a history";
        if (recipe.Data.Degradation.Type == JpegCodec.Instance.Name)
            yield return "data.folders: copies are for other codecs than jpeg, whose patches are compressed while training, as fast and with the tables known";
        else if (degradation is not CodecDegradation { Options: { Double: 0, Quality: { Uniform: 0, List.Count: > 0 } } })
            yield return "data.folders: copies are of single settings: data.degradation with a codec, quality.list, quality.uniform 0 and double 0";
    }

    private static IEnumerable<string> OfValidation(Recipe recipe)
    {
        var codec = DegradationList.CodecOf(recipe.Data.Degradation);
        foreach (int quality in recipe.Validation?.Qualities.Where(quality => quality < codec.MinQuality || quality > codec.MaxQuality) ?? [])
            yield return $"validation.qualities has {quality}, and {codec.Name} takes {codec.QualityName}";
    }

    private static bool HasCoefficients(Recipe recipe)
    {
        if (DegradationList.Create(recipe.Data.Degradation, encodes: false) is not CodecDegradation
            {
                Codec: JpegCodec,
                Options: { Aligned: 1, Raw: 0 } options
            })
            return false;
        var shares = options.Subsampling;
        bool one = new[] { shares.C420, shares.C422, shares.C444 }.Count(share => share > 0) == 1;
        return recipe.Data.Patch.Channels == 1 || (one && recipe.Data.Patch.Gray == 0);
    }

    private static IEnumerable<string> OfDiscriminator(LossPlan plan, IReadOnlyList<WeightedTerm> objective)
    {
        if (plan.Gan is not { } gan)
            yield break;
        if (!objective.Any(term => term.Term is AdversarialLoss))
            yield return "discriminator: nothing in the objective listens to it; add the loss adversarial";
        if (gan.Game.Kind == GanKind.WganGp && Modules(gan.Discriminator).OfType<BatchNorm2d>().Any())
            yield return "discriminator: wgangp bounds the slope at each picture alone, and batch normalisation mixes the pictures of a batch";
        if (Refusal(plan, gan) is { } refusal)
            yield return $"discriminator: {refusal}";
    }

    // Sizes and channels it can take are its own business: it is asked with a patch.
    private static string? Refusal(LossPlan plan, Gan gan)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var kept = new KeptBuffers(gan.Discriminator);
        using var network = new KeptBuffers(plan.Network);
        var patch = plan.Recipe.Data.Patch;
        var picture = Tensor.Zeros([2, patch.Channels, patch.Size, patch.Size], device: gan.Discriminator.Parameters()[0].Device);
        try
        {
            var step = new LossInput(plan.Network, picture, picture, []);
            gan.Judge(gan.Real(step), step);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<Module> Modules(Module module) => module.Children.SelectMany(child => Modules(child.Module)).Prepend(module);
}
