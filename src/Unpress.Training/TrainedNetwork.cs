using Unpress.Losses;
using Unpress.Networks;
using Unpress.Networks.Discriminators;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Optim;
using Unpress.Torch.Weights;

namespace Unpress.Training;

/// <summary>A network in training: what it minimises, and how it follows the gradients. Plain trainings have one network, GANs two.</summary>
internal sealed class TrainedNetwork : IDisposable
{
    private readonly Module _module;
    private readonly IReadOnlyList<WeightedTerm> _objective;
    private readonly OptimiserSection _section;
    private readonly Schedule _rate;
    private readonly long _start;
    private readonly LossScaler _scaler;

    /// <param name="start">Steps before it takes part.</param>
    public TrainedNetwork(
        string name, Module module, IReadOnlyList<WeightedTerm> objective, OptimiserSection optimiser, ScheduleSection schedule, long steps,
        long start, Precision precision)
    {
        Name = name;
        (_module, _objective, _section, _start) = (module, objective, optimiser, start);
        _rate = schedule.ToSchedule(steps);
        _scaler = new LossScaler(precision == Precision.Fp16 ? 65_536 : 1);
        Optimizer = optimiser.Create(Trained);
    }

    /// <summary>Of its losses in reports and of its state in checkpoints.</summary>
    public string Name { get; }

    public Optimizer Optimizer { get; }

    public LossScaler Scaler => _scaler;

    /// <summary>The objective of the step that is being made, over all its parts.</summary>
    public double Loss { get; set; }

    /// <summary>The objective and each of its terms, for processes that average them.</summary>
    public IReadOnlyList<double> Losses
    {
        get => [Loss, .. _objective.Select(term => term.Value)];
        set
        {
            Loss = value[0];
            foreach (var (term, mean) in _objective.Zip(value.Skip(1)))
                term.Value = mean;
        }
    }

    /// <summary>What is trained, in the order of its layers.</summary>
    public IEnumerable<Tensor> Parameters => Trained.Select(entry => entry.Tensor);

    /// <summary>The 2-norm of its gradients, before clipping.</summary>
    public double Norm { get; private set; }

    private IEnumerable<(string Name, Tensor Tensor)> Trained => _module.NamedParameters().Where(entry => entry.Tensor.RequiresGrad);

    public bool TakesPart(long step) => step >= _start;

    public void Begin(long step)
    {
        Optimizer.LearningRate = _section.Lr * _rate(step);
        Optimizer.ZeroGrad();
        Loss = 0;
        foreach (var term in _objective)
            term.Value = 0;
    }

    /// <summary>The objective of one part of the batch. The first term that asks for f(x) has the network make it, the others share it.</summary>
    /// <param name="share">Of the batch, 0..1.</param>
    public Tensor Forward(LossInput part, double share)
    {
        var total = _objective.Select(term => term.Evaluate(part, share)).Aggregate((sum, term) => sum + term);
        Loss += total.Item();
        return total.RequiresGrad
            ? total
            : throw new TrainingException($"objective: nothing in it depends on the weights of the {Name} at this step; add a loss that always does, such as l1");
    }

    /// <summary>Adds the gradients of the objective to those of the parts before.</summary>
    public void Backward(Tensor objective) => _scaler.Scale(objective).Backward();

    /// <summary>Clips the gradients; false when they or the loss are no finite numbers.</summary>
    public bool Clip()
    {
        if (Trained.FirstOrDefault(entry => entry.Tensor.Grad is null).Name is { } idle)
            throw new TrainingException($"objective: no loss depends on the {Name}'s {idle}; name it under freeze, or add a loss that does");
        _scaler.Unscale(Trained);
        Norm = GradientClip.ByNorm(Trained, _section.ClipNorm ?? double.MaxValue);
        return double.IsFinite(Norm) && double.IsFinite(Loss);
    }

    /// <summary>Follows the gradients, unless the step is to be left out.</summary>
    public void Follow(bool finite)
    {
        _scaler.Update(finite);
        if (finite)
            Optimizer.Step();
    }

    /// <summary>Each term's value in the step just made, unweighted, by the name it is reported with.</summary>
    public IEnumerable<(string Name, double Value)> Terms() => _objective.Select(term => (term.Name, term.Value));

    public void Dispose() => Optimizer.Dispose();
}

/// <summary>The discriminator that a training left in its checkpoint.</summary>
public static class TrainedDiscriminator
{
    private const string Prefix = "discriminator.";

    /// <summary>In evaluation mode, on the CPU, and the game that it was trained in.</summary>
    /// <param name="path">A checkpoint, or a run folder, whose newest is taken.</param>
    /// <exception cref="TrainingException">No checkpoint, or of a training without discriminator.</exception>
    /// <exception cref="WeightsFormatException">The file is damaged.</exception>
    public static (Discriminator Discriminator, GanKind Game) Load(string path)
    {
        string file = Newest(path);
        using var weights = WeightFile.Open(file);
        if (!weights.Metadata.TryGetValue(Checkpoints.RecipeKey, out string? text) || Recipe.Parse(text, file).Discriminator is not { } section)
            throw new TrainingException($"{file}: no checkpoint of a training with a discriminator");
        var discriminator = DiscriminatorCatalog.Find(section.Type).Create(section.Options.ToJson());
        Take(discriminator, weights, file);
        discriminator.Eval();
        return (discriminator, section.Gan);
    }

    /// <summary>Gives a discriminator the weights of another training's, which must have the same layers.</summary>
    /// <param name="path">A checkpoint, or a run folder, whose newest is taken.</param>
    /// <exception cref="RecipeException">No checkpoint.</exception>
    /// <exception cref="WeightsFormatException">It does not fit.</exception>
    public static void Fill(Discriminator discriminator, string path)
    {
        if (!File.Exists(path) && new RunFolder(path).Checkpoints().Count == 0)
            throw new RecipeException(
                [$"discriminator.initFrom: {path} is no checkpoint and holds none{RecipeIndex.Advice(Path.Combine(path, "model.safetensors"))}"]);
        string file = Newest(path);
        using var weights = WeightFile.Open(file);
        Take(discriminator, weights, file);
    }

    private static string Newest(string path) => !Directory.Exists(path)
        ? path
        : new RunFolder(path).Checkpoints() is [.., var newest] ? newest.Path : throw new TrainingException($"{path}: holds no checkpoint");

    private static void Take(Discriminator discriminator, WeightFile weights, string file)
        => discriminator.StateDict().Select(entry => (Prefix + entry.Name, entry.Tensor)).Load(
            weights.Tensors.Where(tensor => tensor.Name.StartsWith(Prefix, StringComparison.Ordinal)), file);
}

/// <summary>The parts of a network that a recipe leaves as they are.</summary>
internal static class Frozen
{
    /// <summary>Their parameters take no gradient.</summary>
    public static void Freeze(Network network, IReadOnlyList<string> prefixes)
    {
        foreach (var (name, parameter) in network.NamedParameters())
        {
            if (Covers(prefixes, name))
                parameter.RequiresGrad = false;
        }
    }

    /// <summary>Puts the network into training mode, all but these parts.</summary>
    public static void Train(Network network, IReadOnlyList<string> prefixes)
    {
        network.Train();
        Rest(network, "", prefixes);
    }

    public static bool Covers(IReadOnlyList<string> prefixes, string name)
        => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static void Rest(Module module, string path, IReadOnlyList<string> prefixes)
    {
        foreach (var (name, child) in module.Children)
        {
            string whole = path + name + ".";
            if (Covers(prefixes, whole))
                child.Eval();
            else
                Rest(child, whole, prefixes);
        }
    }
}
