using System.Diagnostics;
using System.Diagnostics.Metrics;
using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Jpeg;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Torch;
using Unpress.Training.Logging;

namespace Unpress.Training;

/// <summary>
/// Trains a network by a recipe. The loop is the story: next patches, objectives, backward, optimisers, average; now and then a report, a
/// validation, a checkpoint. What a method adds is a loss term or a second network, never a branch here.
/// </summary>
public sealed class Trainer
{
    // A batch can give an infinite gradient; many in a row are a broken training.
    private const int MostFailures = 20;

    private readonly Recipe _recipe;
    private readonly RunFolder _folder;
    private readonly TrainingOptions _options;
    private readonly IProgress<TrainingProgress> _progress;
    private readonly Together? _together;

    public Trainer(Recipe recipe, RunFolder folder, TrainingOptions options, IProgress<TrainingProgress> progress)
    {
        (_recipe, _folder, _options, _progress) = (recipe, folder, options, progress);
        _together = options.Group is { } group ? new Together(group) : null;
    }

    /// <summary>Runs to the last step, or until cancelled; a cancelled training leaves a checkpoint of the step it was at.</summary>
    /// <returns>Whether it was cancelled, of several processes any.</returns>
    /// <exception cref="TrainingException">The run folder is in use, the training diverged, or it cannot be resumed.</exception>
    public bool Run(CancellationToken cancellation)
    {
        TorchRuntime.Threads = _options.Threads;
        using var state = new TrainingState(_recipe, _options.Device);
        using var together = _together;
        using var own = state.Parts.Randomness.Enter();
        var validator = Leads ? Validator.Of(_recipe) : null;
        CheckFolder();
        var (first, count) = _together?.Part(_recipe.Data.Batch, _recipe.Data.Accumulate) ?? (0, _recipe.Data.Batch);
        if (!Leads)
            _together!.Wait(); // until the pictures are packed
        using var images = PackedImages.Open(
            _recipe.Data.Folders, _recipe.Data.MinSize, _options.Cache, path => ImageFile.Load(path), _recipe.Data.Preload, side: _recipe.Data.Resize,
            cancellation: cancellation);
        using var pairs = Pairs(state, images, cancellation);
        _options.Note?.Invoke($"trains on {images.Summary}");
        if (Leads)
            _together?.Wait();
        using var claim = Leads ? _folder.Claim() : null;
        Start(state);
        _together?.Agree(state);
        if (Leads && state.Step >= _recipe.Steps)
            Checkpoints.SaveModel(state, _folder.Model); // killed between the last checkpoint and its model
        using var log = Leads ? new RunLog(_folder, _options.Resume ? state.Step : -1, _progress) : null;
        var sampler = new PatchSampler(images, state.Parts.Degradation, _recipe.Data.Patch, (ulong)_recipe.Seed, pairs);
        using var loader = new PatchLoader(
            sampler, count, (state.Step * _recipe.Data.Batch) + first, _recipe.Data.Workers, _recipe.Data.Ahead, stride: _recipe.Data.Batch);
        var meter = new ProgressMeter(state.Step, _recipe.Steps, () => loader.WaitSeconds);
        int failures = 0;
        bool stopped = false;

        // Several processes stop after the same step, not each when it is told to.
        while (!stopped && state.Step < _recipe.Steps && Next(loader, _together is null ? cancellation : CancellationToken.None) is { } batch)
        {
            bool finite = Learn(state, batch, cancellation, out stopped);
            failures = finite ? 0 : failures + 1;
            if (failures == MostFailures)
                throw new TrainingException($"{MostFailures} steps in a row gave no finite gradient (step {state.Step}); lower optimiser.lr and resume");
            state.Step++;
            meter.Add(state.Networks);

            bool last = state.Step == _recipe.Steps;
            if (state.Step % _options.ReportEvery == 0 || last)
                log?.Report(meter.Take());
            if (state.Step % _recipe.Checkpoint.Every == 0 || last)
                Save(state); // before a validation, which may take long or fail
            if (validator is not null && (state.Step % _recipe.Validation!.Every == 0 || last))
            {
                if (Figures(validator, state, cancellation) is { } figures)
                    log!.Report(meter.Take() with { Validation = figures });
                meter.Restart();
            }
        }

        stopped |= cancellation.IsCancellationRequested;
        if (stopped)
            Save(state);
        return stopped;
    }

    // Alone, or the first of several processes.
    private bool Leads => _together?.Leads ?? true;

    // Null where each patch is compressed for itself.
    private CompressedPairs? Pairs(TrainingState state, PackedImages images, CancellationToken cancellation)
        => _recipe.Data.Paired && state.Parts.Degradation.Copies is { } plan
            ? CompressedPairs.Open(_recipe.Data.Folders, images, plan.Codec, plan.Settings.List, _options.Cache, _recipe.Data.Preload, cancellation)
            : null;

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
    private ValidationFigures? Figures(Validator validator, TrainingState state, CancellationToken cancellation)
    {
        try
        {
            return validator.Measure(state, new SampleFolder(_folder.Samples), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    // One step of every network that takes part: gradients of all parts of the batch, then all networks move at once.
    private bool Learn(TrainingState state, PatchBatch batch, CancellationToken cancellation, out bool stopped)
    {
        var networks = state.Networks.Where(network => network.TakesPart(state.Step)).ToList();
        foreach (var network in networks)
            network.Begin(state.Step);
        for (int part = 0; part < _recipe.Data.Accumulate; part++)
        {
            using var scope = TensorScope.Enter();
            var input = Part(state, batch, part);
            foreach (var network in networks)
            {
                var loss = network.Forward(input, 1.0 / _recipe.Data.Accumulate);
                if (part == _recipe.Data.Accumulate - 1)
                    _together?.Send(network);
                network.Backward(loss);
            }
        }

        stopped = _together?.Average(networks, cancellation.IsCancellationRequested) ?? false;

        // One network's bad gradient holds back all, so that none runs ahead.
        bool finite = networks.Select(network => network.Clip()).ToList().TrueForAll(good => good);
        foreach (var network in networks)
            network.Follow(finite);
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
            Gan = state.ActiveGan,
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
            throw new TrainingException(
                $"{_folder.Path} already holds a training at step {checkpoints[^1].Step}; add --resume to go on, or name another folder");
        if (checkpoints.Count == 0 && _options.Resume)
            throw new TrainingException($"{_folder.Path} holds no checkpoint to resume from");
    }

    // Only now that nothing is wrong with the recipe or its data: one that is refused leaves no folder.
    private void Start(TrainingState state)
    {
        if (_options.Resume)
        {
            Checkpoints.Load(state, _folder.Checkpoints()[^1].Path);
            if (Leads)
                _folder.RemoveLeftovers();
        }

        if (!Leads)
            return;
        AtomicFile.Write(_folder.Recipe, temporary => File.WriteAllText(temporary, _recipe.ToYaml()));
    }

    private void Save(TrainingState state)
    {
        if (!Leads)
            return;
        Checkpoints.Save(state, _folder.Checkpoint(state.Step));
        Checkpoints.SaveModel(state, _folder.Model);
        _folder.Prune(_recipe.Checkpoint.Keep);
    }
}

/// <summary>A training that cannot go on; the message says why and what to do.</summary>
public sealed class TrainingException(string message, Exception? inner = null) : UnpressException(message, inner);

/// <summary>What belongs to the machine and not to the recipe.</summary>
public sealed record TrainingOptions
{
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Threads of a CPU training. The same number gives the same bits again.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The processes that make this training together; null for one alone.</summary>
    public ProcessGroup? Group { get; init; }

    /// <summary>Go on from the newest checkpoint of the run folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Steps between two reports.</summary>
    public int ReportEvery { get; init; } = 50;

    /// <summary>Gets what is to be said once, before the first step.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Where packed training pictures are kept between runs.</summary>
    public required string Cache { get; init; }
}

/// <summary>The coefficients of training patches, for networks that use them and for their cells, see <see cref="CoefficientRecovery"/>.</summary>
internal static class PatchCoefficients
{
    /// <returns>Null where the network has no use for them.</returns>
    /// <inheritdoc cref="Of(Tensor, IReadOnlyList{PatchFacts})"/>
    public static JpegTensors? Of(NetworkFacts network, Tensor compressed, IReadOnlyList<PatchFacts> facts)
        => network.Uses.HasFlag(Knowledge.Jpeg) ? Of(compressed, facts) : null;

    /// <param name="compressed">[N, C, H, W], the patches.</param>
    /// <param name="facts">How each of them was compressed.</param>
    /// <exception cref="TrainingException">The recipe makes patches whose coefficients are not known.</exception>
    public static JpegTensors Of(Tensor compressed, IReadOnlyList<PatchFacts> facts)
    {
        // The grid is that of 4:2:0, whatever the file: the jpeg degradation aligns patches to it.
        if (facts.Any(fact => fact.Degradation.OffsetX % 16 != 0 || fact.Degradation.OffsetY % 16 != 0))
            throw new TrainingException("JPEG coefficients are needed: patches must lie on the grid, data.degradation.aligned: 1");
        var subsampling = facts[0].Degradation.Subsampling;
        if (compressed.Size(1) > 1 && facts.Any(fact => fact.Degradation.Subsampling != subsampling || fact.Gray || !fact.Degradation.Compressed))
        {
            throw new TrainingException(
                "JPEG coefficients are needed: patches must be in colour, compressed, and of one subsampling, in data.degradation"
                + " raw: 0 and subsampling: { c420: 1, c422: 0, c444: 0 }, in data.patch gray: 0");
        }

        return CoefficientRecovery.Of(compressed, [.. facts.Select(fact => fact.Degradation.Quality)], subsampling);
    }
}

/// <summary>Writes every report to the run folder, as JSON lines and TensorBoard events, tells it to telemetry, and passes it on.</summary>
internal sealed class RunLog : IProgress<TrainingProgress>, IDisposable
{
    private static readonly Gauge<long> Step = Telemetry.Meter.CreateGauge<long>("unpress.training.step", "{step}", "Steps made.");
    private static readonly Gauge<double> Loss = Telemetry.Meter.CreateGauge<double>("unpress.training.loss", null, "Mean since the last report.");
    private static readonly Gauge<double> Speed = Telemetry.Meter.CreateGauge<double>("unpress.training.speed", "{step}/s", "Since the last report.");

    private readonly JsonLinesLog _lines;
    private readonly TensorBoardLog _events;
    private readonly IProgress<TrainingProgress> _next;

    /// <param name="resumedAt">Step of the checkpoint taken up, whose later records are cut off; −1 for a fresh training.</param>
    public RunLog(RunFolder folder, long resumedAt, IProgress<TrainingProgress> next)
    {
        _lines = new JsonLinesLog(folder.Log, resumedAt);
        _events = new TensorBoardLog(folder.Events, resumedAt);
        _next = next;
    }

    public void Report(TrainingProgress value)
    {
        if (value.Validation is { } figures)
            Write(value.Step, "validation",
            [
                .. figures.Settings.Select(figure => ($"psnr_rgb_{SettingOf(figure)}", figure.Enhanced)),
                .. from figure in figures.Settings where figure.DegradationIndex is not null select ($"di_{SettingOf(figure)}", figure.DegradationIndex!.Value),
                .. figures.Originals is { } originals ? [("psnr_rgb_originals", originals)] : Array.Empty<(string, double)>(),
            ]);
        else
            Write(value.Step, "train",
            [
                ("loss", value.Loss), ("learning_rate", value.LearningRate), ("gradient_norm", value.GradientNorm),
                ("steps_per_second", value.StepsPerSecond), ("data_wait_share", value.WaitShare),
                // One term alone is the loss, but for its weight.
                .. value.Terms.Count > 1 ? value.Terms.Select(term => ($"loss_{term.Name}", term.Value)) : [],
            ]);
        Step.Record(value.Step);
        Loss.Record(value.Loss);
        Speed.Record(value.StepsPerSecond);
        _next.Report(value);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _events.Dispose();
    }

    private static string SettingOf(ValidationFigure figure) => $"{figure.Scale.ToLowerInvariant()}{figure.Quality}";

    private void Write(long step, string kind, params (string Name, double Value)[] values)
    {
        _lines.Write(step, kind, values);
        foreach (var (name, value) in values)
            _events.Scalar($"{kind}/{name}", step, value);
    }
}

/// <summary>Gathers what happens between two reports.</summary>
internal sealed class ProgressMeter(long step, long steps, Func<double> waitSeconds)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _waitedBefore = waitSeconds();
    private readonly Dictionary<string, double> _terms = [];
    private double _loss;
    private double _norm;
    private double _rate;
    private int _count;
    private TrainingProgress? _latest;

    /// <summary>The step that these have just made; the first is the network's.</summary>
    public void Add(IReadOnlyList<TrainedNetwork> networks)
    {
        step++;
        _count++;
        _loss += networks[0].Loss;
        (_norm, _rate) = (networks[0].Norm, networks[0].Optimizer.LearningRate);
        foreach (var (name, value) in networks.SelectMany(network => network.Terms()))
            _terms[name] = _terms.GetValueOrDefault(name) + value;
    }

    /// <summary>The report since the last one; the same again when no step was made in between.</summary>
    public TrainingProgress Take()
    {
        if (_count == 0 && _latest is not null)
            return _latest;
        double seconds = _clock.Elapsed.TotalSeconds;
        double wait = waitSeconds() - _waitedBefore;
        _latest = new TrainingProgress(step, steps, _loss / _count, _rate, _norm, _count / seconds, wait / seconds)
        {
            Terms = [.. _terms.Select(term => (term.Key, term.Value / _count))],
        };
        Restart();
        return _latest;
    }

    /// <summary>Leaves out of the speed what was not training: a validation.</summary>
    public void Restart()
    {
        _clock.Restart();
        _waitedBefore = waitSeconds();
        (_loss, _count) = (0, 0);
        _terms.Clear();
    }
}
