using System.Diagnostics;
using System.Globalization;
using Unpress.Data;
using Unpress.Inference;
using Unpress.Models;
using Unpress.Networks.Export;
using Unpress.Onnx;

namespace Unpress.Cli.Commands.Export;

/// <summary>
/// How much memory a run of an ONNX model takes, in a process of its own: the most that it ever held, less what it held before the model
/// was loaded. Nothing else shows all of it: ONNX Runtime's weights in the order its kernels like, its buffers, the results between.
/// </summary>
internal static class MemoryOfRun
{
    /// <summary>Asks a child of this program.</summary>
    /// <exception cref="ExportException">It failed; what it said is in the message.</exception>
    public static long Measure(string path, int side, CancellationToken cancellation)
    {
        string program = typeof(MemoryOfRun).Assembly.Location, host = Environment.ProcessPath ?? "dotnet";
        bool isHosted = Path.GetFileNameWithoutExtension(host) is "dotnet" or "testhost";
        var start = new ProcessStartInfo(isHosted ? "dotnet" : host) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (isHosted)
            start.ArgumentList.Add(program);
        foreach (string argument in new[] { "export", path, "--memory", side.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        using var ended = cancellation.Register(() => child.Kill());
        string error = "";
        child.ErrorDataReceived += (_, line) => error += line.Data;
        child.BeginErrorReadLine();
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return child.ExitCode == ExitCodes.Ok && long.TryParse(output.Trim(), CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : throw new ExportException($"measuring a run on {side}x{side} pixels failed: {error}");
    }

    /// <summary>In this very process, which should do nothing else; by the session that <c>enhance</c> takes.</summary>
    /// <exception cref="OnnxFileException">The file is no model.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot run it.</exception>
    public static long Here(string path, int side)
    {
        int channels = OnnxFile.Read(path).Facts?.Channels ?? 3;
        using Planes picture = new(channels, side, side), output = new(channels, side, side);
        picture.Values.Clear();
        output.Values.Clear();
        using var self = Process.GetCurrentProcess();
        long before = Environment.WorkingSet;
        using var model = OnnxModel.Open(path, new OnnxModelOptions { Device = OnnxDevice.Cpu });
        model.Run(BlankInput.For(model.Facts, picture), output);
        self.Refresh();
        return Math.Max(0, self.PeakWorkingSet64 - before);
    }
}
