using Unpress.Consistency;
using Unpress.Data;
using Unpress.Imaging;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Training;

/// <summary>
/// Trains a network by a recipe. The loop is the story: next patches, objectives, backward, optimisers, average; now and then a report, a
/// validation, a checkpoint. What a method adds is a loss term or a second side, never a branch here.
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
        using var own = state.Parts.Randomness.Enter();
        var validator = Validator.Of(_recipe);
        CheckFolder();
        using var images = PackedImages.Open(
            _recipe.Data.Folders, _recipe.Data.MinSize, _options.Cache, path => ImageFile.Load(path), _recipe.Data.Preload, cancellation: cancellation);
        using var claim = _folder.Claim();
        Start(state);
        using var log = new RunLog(_folder, _options.Resume ? state.Step : -1, _progress);
        var sampler = new PatchSampler(images, state.Parts.Degradation, _recipe.Data.Patch, (ulong)_recipe.Seed);
        using var loader = new PatchLoader(sampler, _recipe.Data.Batch, state.Step * _recipe.Data.Batch, _recipe.Data.Workers, _recipe.Data.Ahead);
        var meter = new ProgressMeter(state.Step, _recipe.Steps, () => loader.WaitSeconds);
        int failures = 0;

        while (state.Step < _recipe.Steps && Next(loader, cancellation) is { } batch)
        {
            bool finite = Learn(state, batch);
            failures = finite ? 0 : failures + 1;
            if (failures == MostFailures)
                throw new TrainingException($"{MostFailures} steps in a row gave no finite gradient (step {state.Step}); lower optimiser.lr and resume");
            state.Step++;
            meter.Add(state.Sides);

            bool last = state.Step == _recipe.Steps;
            if (state.Step % _options.ReportEvery == 0 || last)
                log.Report(meter.Take());
            if (state.Step % _recipe.Checkpoint.Every == 0 || last)
                Save(state); // before a validation, which may take long or fail
            if (validator is not null && (state.Step % _recipe.Validation!.Every == 0 || last))
            {
                if (Figures(validator, state, cancellation) is { } figures)
                    log.Report(meter.Take() with { Validation = figures });
                meter.Restart();
            }
        }

        if (cancellation.IsCancellationRequested)
            Save(state);
    }

    // Null when it is time to stop. A codec's program may be stopped by the same Ctrl-C, so its failure is none then.
    private static PatchBatch? Next(PatchLoader loader, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return null;
        try
        {
            return loader.Next(cancellation);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && e is (OperationCanceledException or InvalidOperationException))
        {
            return null;
        }
        catch (InvalidOperationException e)
        {
            throw new TrainingException(e.Message, e);
        }
    }

    // Null when it was cancelled.
    private static IReadOnlyList<ValidationFigure>? Figures(Validator validator, TrainingState state, CancellationToken cancellation)
    {
        try
        {
            return validator.Measure(state, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    // One step of every side that takes part: gradients of all parts of the batch, then all sides move at once.
    private bool Learn(TrainingState state, PatchBatch batch)
    {
        var sides = state.Sides.Where(side => side.TakesPart(state.Step)).ToList();
        foreach (var side in sides)
            side.Begin(state.Step);
        for (int part = 0; part < _recipe.Data.Accumulate; part++)
        {
            using var scope = TensorScope.Enter();
            var input = Part(state, batch, part);
            foreach (var side in sides)
                side.Accumulate(input, 1.0 / _recipe.Data.Accumulate);
        }

        // One side's bad gradient holds back all, so that none runs ahead.
        bool finite = sides.Select(side => side.Check()).ToList().TrueForAll(good => good);
        foreach (var side in sides)
            side.End(finite);
        if (finite)
            state.Average?.Update();
        return finite;
    }

    private LossInput Part(TrainingState state, PatchBatch batch, int part)
    {
        int count = batch.Count / _recipe.Data.Accumulate, from = part * count;
        long[] shape = [count, batch.Channels, batch.Size, batch.Size];
        int length = count * batch.Channels * batch.Size * batch.Size;
        var facts = batch.Facts.AsSpan(from, count).ToArray();
        var compressed = Upload(batch.X);
        return new LossInput(state.Network, compressed, Upload(batch.Y), facts)
        {
            Conditions = new Conditions
            {
                Quality = _recipe.TellQuality ? Qualities(facts) : null,
                Jpeg = PatchCoefficients.Of(state.Network.Facts, compressed, facts),
            },
            Cells = _recipe.Consistent ? new QuantisationCells(PatchCoefficients.Of(compressed, facts)) : null,
            Rival = state.ActiveRival,
            Precisely = state.Compute.Run,
        };

        Tensor Upload(float[] values)
            => Tensor.From<float>(values.AsSpan(part * length, length), shape).To(_options.Device).Contiguous(state.Format);
    }

    private Tensor Qualities(PatchFacts[] facts)
        => Tensor.From(facts.Select(patch => (float)patch.Degradation.Quality).ToArray(), facts.Length, 1).To(_options.Device);

    private void CheckFolder()
    {
        var checkpoints = _folder.Checkpoints();
        if (checkpoints.Count > 0 && !_options.Resume)
            throw new TrainingException($"{_folder.Path} already holds a training at step {checkpoints[^1].Step}; add --resume to go on, or name another folder");
        if (checkpoints.Count == 0 && _options.Resume)
            throw new TrainingException($"{_folder.Path} holds no checkpoint to resume from");
    }

    // Only now that nothing is wrong with the recipe or its data: one that is refused leaves no folder.
    private void Start(TrainingState state)
    {
        if (_options.Resume)
        {
            Checkpoints.Load(state, _folder.Checkpoints()[^1].Path);
            _folder.RemoveLeftovers();
        }

        AtomicFile.Write(_folder.Recipe, temporary => File.WriteAllText(temporary, _recipe.ToYaml()));
    }

    private void Save(TrainingState state)
    {
        Checkpoints.Save(state, _folder.Checkpoint(state.Step));
        Checkpoints.SaveModel(state, _folder.Model);
        _folder.Prune(_recipe.Checkpoint.Keep);
    }
}
