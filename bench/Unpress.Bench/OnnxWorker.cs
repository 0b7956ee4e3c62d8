using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Unpress.Data;
using Unpress.Inference;
using Unpress.Models;

namespace Unpress.Bench;

/// <summary>
/// Forward passes of an ONNX file on request (the lines are those of <see cref="ForwardWorker"/>): "ours" is what <c>enhance</c> runs, anything else
/// ONNX Runtime by itself, with choices of its own joined by +: "raw", "raw+shrink", "raw+no-arena+fixed-shape".
/// </summary>
internal static class OnnxWorker
{
    public static void Run(string model, string picture, int height, int width, int threads, string choices)
    {
        float[] pixels = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(picture)).ToArray();
        using var pass = choices == "ours"
            ? (IPass)new Ours(model, pixels, height, width, threads)
            : new Raw(model, pixels, height, width, threads, choices.Split('+'));
        Console.WriteLine($"ready {pass.About}");
        while (Console.ReadLine() is { } line)
        {
            if (line.StartsWith("write ", StringComparison.Ordinal))
            {
                File.WriteAllBytes(line["write ".Length..], MemoryMarshal.AsBytes<float>(pass.Result).ToArray());
                Console.WriteLine("written");
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            pass.Run();
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture));
        }
    }

    private interface IPass : IDisposable
    {
        string About { get; }

        ReadOnlySpan<float> Result { get; }

        void Run();
    }

    private sealed class Ours : IPass
    {
        private readonly OnnxModel _model;
        private readonly Planes _input, _output;

        public Ours(string path, float[] pixels, int height, int width, int threads)
        {
            _model = OnnxModel.Open(path, new OnnxModelOptions { Threads = threads, Device = OnnxDevice.Cpu });
            (_input, _output) = (new Planes(3, height, width), new Planes(3, height, width));
            pixels.CopyTo(_input.Values);
        }

        public string About => _model.Engine;

        public ReadOnlySpan<float> Result => _output.Values;

        public void Run() => _model.Run(new ModelInput { Picture = _input }, _output);

        public void Dispose()
        {
            _model.Dispose();
            _input.Dispose();
            _output.Dispose();
        }
    }

    private sealed class Raw : IPass
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _run = new();
        private readonly OrtValue _input, _output;
        private readonly float[] _result;
        private readonly string _inputName, _outputName;

        public Raw(string path, float[] pixels, int height, int width, int threads, string[] choices)
        {
            using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
            foreach (string choice in choices)
                Choose(options, choice, height, width);
            _session = new InferenceSession(path, options);
            (_inputName, _outputName) = (_session.InputNames[0], _session.OutputNames[0]);
            _input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, height, width]);
            _result = new float[pixels.Length];
            _output = OrtValue.CreateTensorValueFromMemory(_result, [1, 3, height, width]);
        }

        public string About => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

        public ReadOnlySpan<float> Result => _result;

        public void Run() => _session.Run(_run, [_inputName], [_input], [_outputName], [_output]);

        public void Dispose()
        {
            _session.Dispose();
            _run.Dispose();
            _input.Dispose();
            _output.Dispose();
        }

        private void Choose(SessionOptions options, string choice, int height, int width)
        {
            switch (choice)
            {
                case "raw":
                    break;
                case "shrink":
                    _run.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
                    break;
                case "no-arena":
                    options.EnableCpuMemArena = false;
                    break;
                case "no-pattern":
                    options.EnableMemoryPattern = false;
                    break;
                case "fixed-shape":
                    options.AddFreeDimensionOverrideByName("height", height);
                    options.AddFreeDimensionOverrideByName("width", width);
                    break;
                case "no-spin":
                    options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
                    break;
                case "plain-layout": // without ONNX Runtime's own order of channels in blocks
                    options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
                    break;
                case "denormals-zero":
                    options.AddSessionConfigEntry("session.set_denormal_as_zero", "1");
                    break;
                default:
                    throw new ArgumentException($"no choice '{choice}'");
            }
        }
    }
}
