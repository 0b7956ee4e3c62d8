using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Unpress.Data;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Models;

/// <summary>
/// A model file in ONNX Runtime: one of ours (docs/onnx.md), or any other that takes a picture and gives one of the same size. What may be given
/// besides the picture is given by cutting the graph there; each cut is a session of its own, made when it is first needed.
/// </summary>
public sealed class OnnxModel : IModel
{
    private readonly OnnxFile _file;
    private readonly OnnxModelOptions _options;
    private readonly string _device;
    private readonly OnnxPort _input, _output;
    private readonly PictureFormat _format;
    private readonly ConcurrentDictionary<string, Lazy<OnnxSession>> _sessions = new(StringComparer.Ordinal);
    private readonly OnnxMemory _memory;
    private ModelInput? _last;
    private long _kept;

    private OnnxModel(OnnxFile file, ModelFacts facts, OnnxModelOptions options, string device)
    {
        (_file, Facts, _options, _device) = (file, facts, options, device);
        (_input, _output) = ForeignFacts.Ports(file);
        _format = new PictureFormat(facts, Type(_input));
        _memory = new OnnxMemory(this);
    }

    public ModelFacts Facts { get; private init; }

    public string Engine => $"ONNX Runtime {OnnxRuntimeLibrary.Version} on {_device}";

    /// <summary>By how much the process grew in runs since the last <see cref="Trim"/>, what they made not counted.</summary>
    public long KeptBytes => Interlocked.Read(ref _kept);

    /// <summary>The window that the model's graph is made for; null where it takes any size.</summary>
    internal (int Height, int Width)? Window { get; private init; }

    /// <summary>Reads, checks and loads a model file.</summary>
    /// <exception cref="OnnxFileException">The file is no model that can be run on pictures; the message says why.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="Imaging.MissingToolException">There is no library of ONNX Runtime for this machine, or none for the device.</exception>
    public static OnnxModel Open(string path, OnnxModelOptions? options = null)
    {
        options ??= new OnnxModelOptions();
        options.Validate();
        var file = OnnxFile.Read(path);
        var facts = ForeignFacts.Of(file, options.Facts);
        var (model, device) = (default(OnnxModel), OnnxDevice.Resolve(options.Device));
        try
        {
            model = new OnnxModel(file, facts, options, device) { Window = FixedWindow.Of(file, facts) };
            _ = model.Session([], [model._output.Name]);
            if (file.Facts is null || file.HasLoops)
                model = ForeignProbe.Fit(model, said: file.Facts is not null || options.Facts.ContainsKey("size-multiple"), options.Patience);
            return model;
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Run(ModelInput input, Planes output)
    {
        if (Window is { } window)
            FixedWindow.Run(window, Facts.ReceptiveField, input, output, RunPadded);
        else
            RunPadded(input, output);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, FoundValue> Survey(ModelInput input)
    {
        if (Facts.Surveys.Count == 0)
            return input.Found;
        using var values = new Inputs(this, input with { Found = new Dictionary<string, FoundValue>() });
        var found = Session(values.Given, Facts.Surveys).Run(values.Values, Facts.Surveys, input.Cancellation);
        return Facts.Surveys.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <inheritdoc/>
    public long PixelsIn(long free, long wanted, double besides)
        => _memory.PixelsIn(free, wanted, besides + (_format.IsPlain ? 0 : 4.0 * sizeof(float) * Facts.Channels));

    /// <summary>ONNX Runtime gives memory back at the end of a run alone: hence a run like the last one, of a small picture.</summary>
    public void Trim()
    {
        if (KeptBytes == 0 || _last is not { } last)
            return;
        // Models of others may not run on a few pixels.
        int side = RoundUp(Math.Max(Facts.LeastSide, 64), Facts.SizeMultiple);
        var (height, width) = Window ?? (side, side);
        using var picture = new Planes(Facts.Channels, height, width);
        using var output = new Planes(Facts.Channels, height, width);
        using var noise = last.Noise is null ? null : new Planes(last.Noise.Bands, height, width);
        picture.Values.Clear();
        noise?.Values.Clear();
        var blank = last.Jpeg is null ? new ModelInput { Picture = picture } : BlankInput.For(Facts, picture);
        RunWhole(blank with { Quality = last.Quality, Found = last.Found, Noise = noise }, output, shrink: true);
        foreach (var plane in blank.Jpeg ?? [])
            plane.Coefficients.Dispose();
        Interlocked.Exchange(ref _kept, 0);
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values.Where(session => session.IsValueCreated))
            session.Value.Dispose();
    }

    /// <summary>The file as it was named.</summary>
    internal string Path => _file.Path;

    /// <summary>Height and width of what the model makes of a picture, whatever its facts say.</summary>
    internal (long Height, long Width) SizeOf(Planes picture, CancellationToken cancellation)
    {
        using var values = new Inputs(this, BlankInput.For(Facts, picture));
        var shape = Session([], [_output.Name]).ShapeOf(values.Values, _output.Name, cancellation);
        if (shape.Length != 4)
            throw new OnnxFileException(Path, $"gives a result of {shape.Length} dimensions, a picture has 4");
        int down = Facts.Layout == TensorLayout.Nchw ? 2 : 1, channels = Facts.Layout == TensorLayout.Nchw ? 1 : 3;
        return shape[channels] == Facts.Channels
            ? (shape[down], shape[down + 1])
            : throw new OnnxFileException(Path, $"gives {shape[channels]} channels for {Facts.Channels}");
    }

    /// <summary>The same model with other facts; this one must not be used any more.</summary>
    internal OnnxModel With(ModelFacts facts)
    {
        var model = new OnnxModel(_file, facts, _options, _device) { Window = Window };
        foreach (var (key, session) in _sessions)
            model._sessions[key] = session;
        return model;
    }

    /// <summary>A picture of any size, padded where the graph does not do it itself.</summary>
    private void RunPadded(ModelInput input, Planes output)
    {
        int multiple = Facts.Padding == PaddingPlace.Outside ? Facts.SizeMultiple : 1;
        var picture = input.Picture;
        int height = RoundUp(Math.Max(picture.Height, Facts.LeastSide), multiple), width = RoundUp(Math.Max(picture.Width, Facts.LeastSide), multiple);
        if (height == picture.Height && width == picture.Width)
        {
            RunWhole(input, output);
            return;
        }

        using var padded = Border.Repeat(picture, height, width);
        using var noise = input.Noise is null ? null : Border.Repeat(input.Noise, height, width);
        using var restored = new Planes(output.Bands, height, width);
        RunWhole(input with { Picture = padded, Noise = noise }, restored);
        for (int band = 0; band < output.Bands; band++)
            for (int y = 0; y < output.Height; y++)
                restored.Row(band, y)[..output.Width].CopyTo(output.Row(band, y));
    }

    private void RunWhole(ModelInput input, Planes output, bool shrink = false)
    {
        long before = Environment.WorkingSet;

        using var values = new Inputs(this, input);
        var session = Session(values.Given, [_output.Name]);
        if (_format.IsPlain)
        {
            using var target = _format.Value(output);
            session.Run(values.Values, _output.Name, target, shrink, input.Cancellation);
            Kept();
            return;
        }

        using var room = _format.Room(output.Height, output.Width);
        using (var target = _format.Value(room))
            session.Run(values.Values, _output.Name, target, shrink, input.Cancellation);
        Kept();
        _format.FromModel(room, output);

        void Kept()
        {
            _last = input with { Progress = null, Cancellation = default };
            Interlocked.Add(ref _kept, Math.Max(0, Environment.WorkingSet - before - ((long)sizeof(float) * output.Bands * output.Pixels)));
        }
    }

    /// <summary>The graph that takes <paramref name="given"/> besides what it needs, and makes <paramref name="outputs"/>.</summary>
    private OnnxSession Session(List<string> given, IReadOnlyList<string> outputs)
        => _sessions.GetOrAdd($"{string.Join(' ', given)} → {string.Join(' ', outputs)}", _ => new Lazy<OnnxSession>(() =>
        {
            // A model that finds nothing in the picture besides itself is the whole file.
            bool whole = given.Count == 0 && _file.Outputs.Count == outputs.Count;
            return OnnxSession.Open(_file.Path, whole ? null : GraphCut.Cut(_file.Model, given, outputs), _options, _device);
        })).Value;

    private static TensorElementType Type(OnnxPort port) => port.Type switch
    {
        ElementType.Float16 => TensorElementType.Float16,
        ElementType.Int64 => TensorElementType.Int64,
        _ => TensorElementType.Float,
    };

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>The tensors of one run, and the memory that they lie in.</summary>
    private sealed class Inputs : IDisposable
    {
        private readonly List<IDisposable> _owned = [];

        public Inputs(OnnxModel model, ModelInput input)
        {
            var picture = model._format.IsPlain ? input.Picture : Own(model._format.ToModel(input.Picture));
            Values[model._input.Name] = Own(model._format.Value(picture));
            if (input.Quality is { } quality)
                Add(model, ValueNames.Quality, [(float)quality], [1, 1]);
            if (input.Noise is { } noise)
                Add(model, ValueNames.Noise, OnnxSession.Value(noise.Address, TensorElementType.Float, [1, noise.Bands, noise.Height, noise.Width]));
            foreach (var (plane, index) in (input.Jpeg ?? []).Select((plane, index) => (plane, index)))
            {
                var coefficients = plane.Coefficients;
                Add(model, ValueNames.Coefficients(index),
                    OnnxSession.Value(coefficients.Address, TensorElementType.Float, [1, 1, coefficients.Height, coefficients.Width]));
                Add(model, ValueNames.Table(index), plane.Table, [1, 1, 8, 8]);
            }

            foreach (var (name, found) in input.Found)
                Add(model, name, found.Values, found.Shape);
        }

        /// <summary>By the graph's names.</summary>
        public Dictionary<string, OrtValue> Values { get; } = new(StringComparer.Ordinal);

        /// <summary>Those where the graph is to be cut.</summary>
        public List<string> Given { get; } = [];

        public void Dispose()
        {
            foreach (var owned in Enumerable.Reverse(_owned))
                owned.Dispose();
        }

        private void Add(OnnxModel model, string name, float[] values, long[] shape)
            => Add(model, name, model._file.Outputs.FirstOrDefault(port => port.Name == name)?.Type == ElementType.Int64
                ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (long)value), shape)
                : OrtValue.CreateTensorValueFromMemory(values, shape));

        private void Add(OnnxModel model, string name, OrtValue value)
        {
            Values[name] = Own(value);
            if (model._file.Inputs.All(port => port.Name != name))
                Given.Add(name);
        }

        private T Own<T>(T owned)
            where T : IDisposable
        {
            _owned.Add(owned);
            return owned;
        }
    }
}
