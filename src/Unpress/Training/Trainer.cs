using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Torch.Optim;

namespace Unpress.Training;

/// <summary>
/// Trains a network by a recipe. The loop is the story: next patches, objective, backward, optimiser, average; now and then a report, a
/// validation, a checkpoint. What a method adds is a loss term, never a branch here.
/// </summary>
public sealed class Trainer
{
    // A batch can give an infinite gradient; many in a row are a broken training.
    private const int MostFailures = 20;

    private readonly Recipe _recipe;
    private readonly RunFolder _folder;
    private readonly TrainingOptions _options;
    private readonly IProgress<TrainingProgress> _progress;

    public Trainer(Recipe recipe, RunFolder folder, TrainingOptions options, IProgress<TrainingProgress> progress)
    {
        (_recipe, _folder, _options, _progress) = (recipe, folder, options, progress);
    }

    /// <summary>Runs to the last step, or until cancelled; a cancelled training leaves a checkpoint of the step it was at.</summary>
    /// <exception cref="TrainingException">The run folder is in use, the training diverged, or it cannot be resumed.</exception>
    public void Run(CancellationToken cancellation)
    {
        TorchRuntime.Threads = _options.Threads;
        using var state = new TrainingState(_recipe, _options.Device);
        Start(state);
        using var log = new RunLog(_folder, _options.Resume ? state.Step : -1, _progress);
        using var images = PackedImages.Open(
            _recipe.Data.Folders, _recipe.Data.MinSize, _options.Cache, path => ImageFile.Load(path), _recipe.Data.Preload, cancellation: cancellation);
        var sampler = new PatchSampler(images, DegradationList.Create(_recipe.Data.Degradation), _recipe.Data.Patch, (ulong)_recipe.Seed);
        using var loader = new PatchLoader(sampler, _recipe.Data.Batch, state.Step * _recipe.Data.Batch, _recipe.Data.Workers, _recipe.Data.Ahead);
        var meter = new ProgressMeter(state.Step, _recipe.Steps, () => loader.WaitSeconds);
        var validator = _recipe.Validation is { } section ? new Validator(section) : null;
        int failures = 0;

        while (state.Step < _recipe.Steps && !cancellation.IsCancellationRequested)
        {
            state.Optimizer.LearningRate = _recipe.Optimiser.Lr * state.Rate(state.Step);
            var (loss, norm, finite) = Learn(state, loader.Next(cancellation));
            failures = finite ? 0 : failures + 1;
            if (failures == MostFailures)
                throw new TrainingException($"{MostFailures} steps in a row gave no finite gradient (step {state.Step}); lower optimiser.lr and resume");
            state.Step++;
            meter.Add(loss, norm, state.Optimizer.LearningRate);

            bool last = state.Step == _recipe.Steps;
            if (state.Step % _options.ReportEvery == 0 || last)
                log.Report(meter.Take());
            if (validator is not null && (state.Step % _recipe.Validation!.Every == 0 || last))
            {
                log.Report(meter.Take() with { Validation = validator.Measure(state, cancellation) });
                meter.Restart();
            }

            if (state.Step % _recipe.Checkpoint.Every == 0 || last)
                Save(state);
        }

        if (cancellation.IsCancellationRequested)
            Save(state);
    }

    private (double Loss, double Norm, bool Finite) Learn(TrainingState state, PatchBatch batch)
    {
        using var scope = TensorScope.Enter();
        long[] shape = [batch.Count, batch.Channels, batch.Size, batch.Size];
        var compressed = Upload(batch.X, shape, state.Format);
        var raw = Upload(batch.Y, shape, state.Format);

        // The coefficients are those of the compressed patches, whatever picture a loss term sends through the network.
        var known = new Conditions { Jpeg = PatchCoefficients.Of(state.Network.Facts, compressed, batch.Facts) };
        state.Optimizer.ZeroGrad();
        var total = Objective(state, new LossInput(state.Network, compressed, raw, batch.Facts, input => Forward(state, input, known)));
        total.Backward();

        double norm = GradientClip.ByNorm(state.Network.NamedParameters(), _recipe.Optimiser.ClipNorm ?? double.MaxValue);
        double loss = total.Item();
        if (!double.IsFinite(norm) || !double.IsFinite(loss))
            return (loss, norm, false);
        state.Optimizer.Step();
        state.Average?.Update();
        return (loss, norm, true);
    }

    private Tensor Forward(TrainingState state, Tensor input, Conditions known)
    {
        if (_recipe.Precision == Precision.Fp32)
            return state.Network.Forward(input, known);
        using var autocast = Autograd.Autocast(_options.Device, DType.BFloat16);
        return state.Network.Forward(input, known).To(DType.Float32);
    }

    private static Tensor Objective(TrainingState state, LossInput input)
    {
        var terms = state.Objective.Select(entry => entry.Term.Evaluate(input) * entry.Weight);
        return terms.Aggregate((sum, term) => sum + term);
    }

    private Tensor Upload(float[] values, long[] shape, MemoryFormat format)
        => Tensor.From(values, shape).To(_options.Device).Contiguous(format);

    private void Start(TrainingState state)
    {
        var checkpoints = _folder.Checkpoints();
        if (checkpoints.Count > 0 && !_options.Resume)
            throw new TrainingException($"{_folder.Path} already holds a training at step {checkpoints[^1].Step}; add --resume to go on, or name another folder");
        if (checkpoints.Count == 0 && _options.Resume)
            throw new TrainingException($"{_folder.Path} holds no checkpoint to resume from");
        if (_options.Resume)
            state.Load(checkpoints[^1].Path);
        else
            File.WriteAllText(_folder.Recipe, _recipe.ToYaml());
    }

    private void Save(TrainingState state)
    {
        state.Save(_folder.Checkpoint(state.Step));
        state.SaveModel(_folder.Model);
        _folder.Prune(_recipe.Checkpoint.Keep);
    }
}
