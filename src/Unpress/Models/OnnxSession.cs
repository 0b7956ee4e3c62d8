using System.Text.RegularExpressions;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Unpress.Inference;
using Unpress.Onnx;
using Unpress.Onnx.Schema;

namespace Unpress.Models;

/// <summary>A graph in ONNX Runtime. Several threads may run it, and another may close it: its memory is given back when the last run has ended.</summary>
internal sealed partial class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly Lock _gate = new();
    private int _runs;
    private bool _closed;

    private OnnxSession(InferenceSession session) => _session = session;

    /// <param name="path">For messages.</param>
    /// <param name="graph">Null for the file itself.</param>
    /// <exception cref="OnnxFileException">ONNX Runtime does not take it: an operator that it does not know, shapes that contradict each other.</exception>
    public static OnnxSession Open(string path, ModelProto? graph, OnnxModelOptions options, string device)
        => OnnxRuntimeLibrary.Guarded(() =>
        {
            using var chosen = Options(options, device);
            // What is constant is computed while loading, and a hostile file may have much of it.
            using var patience = new Timer(_ => chosen.SetLoadCancellationFlag(true), null, options.Patience, Timeout.InfiniteTimeSpan);
            if (graph is not null) // tensors in files beside the model
                chosen.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(path))!);
            try
            {
                return new OnnxSession(graph is null ? new InferenceSession(path, chosen) : new InferenceSession(graph.ToByteArray(), chosen));
            }
            catch (OnnxRuntimeException error) when (error.Message.Contains("LoadCanceled", StringComparison.OrdinalIgnoreCase))
            {
                throw new OnnxFileException(path, $"ONNX Runtime has not loaded it after {options.Patience.TotalSeconds:0} s", error);
            }
            catch (OnnxRuntimeException error)
            {
                throw new OnnxFileException(path, $"ONNX Runtime does not take it: {(IsOutOfMemory(error) ? "not enough memory" : Plain(error))}", error);
            }
        });

    /// <summary>Runs with inputs and outputs in the caller's memory.</summary>
    public void Run(IReadOnlyDictionary<string, OrtValue> inputs, string output, OrtValue target, bool shrink, CancellationToken cancellation)
        => Guarded(shrink, options => _session.Run(options, inputs.Keys.ToArray(), inputs.Values.ToArray(), [output], [target]), cancellation);

    /// <summary>Runs and hands over what came out, one value an output. Asked once a picture: nothing is kept for another.</summary>
    public IReadOnlyList<FoundValue> Run(IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyList<string> outputs, CancellationToken cancellation)
    {
        var found = new List<FoundValue>();
        Guarded(shrink: true, options =>
        {
            using var results = _session.Run(options, inputs.Keys.ToArray(), inputs.Values.ToArray(), outputs.ToArray());
            foreach (var result in results)
            {
                var shape = result.GetTensorTypeAndShape();
                float[] values = shape.ElementDataType switch
                {
                    TensorElementType.Float => result.GetTensorDataAsSpan<float>().ToArray(),
                    TensorElementType.Float16 => Array.ConvertAll(result.GetTensorDataAsSpan<Float16>().ToArray(), value => (float)value),
                    TensorElementType.Double => Array.ConvertAll(result.GetTensorDataAsSpan<double>().ToArray(), value => (float)value),
                    TensorElementType.Int64 => Array.ConvertAll(result.GetTensorDataAsSpan<long>().ToArray(), value => (float)value),
                    TensorElementType.Int32 => Array.ConvertAll(result.GetTensorDataAsSpan<int>().ToArray(), value => (float)value),
                    _ => throw new ModelException($"the model gives {shape.ElementDataType}, which is no number that can be read"),
                };
                found.Add(new FoundValue(values, shape.Shape));
            }
        }, cancellation);
        return found;
    }

    /// <summary>The shape of what comes out.</summary>
    public long[] ShapeOf(IReadOnlyDictionary<string, OrtValue> inputs, string output, CancellationToken cancellation)
    {
        long[] shape = [];
        Guarded(shrink: true, options =>
        {
            using var results = _session.Run(options, inputs.Keys.ToArray(), inputs.Values.ToArray(), [output]);
            shape = results[0].GetTensorTypeAndShape().Shape;
        }, cancellation);
        return shape;
    }

    /// <summary>Takes no run any more. ONNX Runtime crashes when a graph is freed that somebody runs: then the end of that run frees it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            if (_runs > 0)
                return;
        }

        _session.Dispose();
    }

    /// <summary>A tensor over memory of the caller's, which must stay until the run is over.</summary>
    public static unsafe OrtValue Value(nint address, TensorElementType type, long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        long size = type == TensorElementType.Float ? sizeof(float) : sizeof(ushort);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, address, count * size);
    }

    /// <summary>
    /// Chosen by measurement (docs/performance.md): memory that is kept from run to run makes passes twice as fast as fresh memory; the plan of
    /// memory that ONNX Runtime makes for each shape takes half as much again and gains nothing; all else stays as it comes.
    /// </summary>
    private static SessionOptions Options(OnnxModelOptions options, string device)
    {
        var chosen = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            EnableMemoryPattern = false,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // Its words on standard error would stand beside our one line.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Threads that have nothing to do sleep: alone they are as fast (docs/performance.md), and beside the decoder and the encoder of other
        // pictures, or other programs, spinning takes their time.
        chosen.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        OnnxDevice.Append(chosen, device);
        return chosen;
    }

    private void Guarded(bool shrink, Action<RunOptions> run, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Begin();
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        if (shrink)
            options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        using var registration = cancellation.Register(() => options.Terminate = true);
        try
        {
            run(options);
        }
        catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OnnxRuntimeException error) when (IsOutOfMemory(error))
        {
            throw new InsufficientMemoryException("not enough memory for the model", error);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException($"ONNX Runtime cannot run the model on this picture: {Plain(error)}", error);
        }
        finally
        {
            End();
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _runs++;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_runs > 0 || !_closed)
                return;
        }

        _session.Dispose();
    }

    // There is no code of its own for it: these are its words on the processor, and on graphics cards.
    private static bool IsOutOfMemory(OnnxRuntimeException error)
        => error.Message.Contains("bad_alloc", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("Failed to allocate memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>Its words, without its codes, the file's name once more and places in its source.</summary>
    private static string Plain(OnnxRuntimeException error) => Noise().Replace(error.Message.ReplaceLineEndings(" "), "").Trim();

    [GeneratedRegex(@"\[ErrorCode:\w+\] |Load model from .*? failed:|This is an invalid model\. |Non-zero status code returned while |Exception during initialization: |/onnxruntime_src/\S+:\d+ [^()]*\([^()]*\) |\[ONNXRuntimeError\] : \d+ : \w+ : ")]
    private static partial Regex Noise();
}
