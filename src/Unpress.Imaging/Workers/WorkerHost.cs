using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Workers;

/// <summary>
/// The worker's side: reads requests on standard input, answers on standard output, and ends when its input ends, whatever it is doing then.
/// A program that is to be its own worker calls <see cref="Run"/> when its one argument is <see cref="Verb"/>.
/// </summary>
public static class WorkerHost
{
    public const string Verb = "picture-worker";

    /// <summary>Bytes that a worker may take, in its environment.</summary>
    internal const string MemoryVariable = "UNPRESS_WORKER_MEMORY";

    internal const long Greeting = 0x31_57_50_55; // UPW1

    /// <summary>Pictures above this leave so much garbage that it is worth collecting.</summary>
    private const long Large = 4 << 20;

    /// <returns>The process's exit code.</returns>
    public static int Run()
    {
        // Ctrl-C goes to every process of a terminal; who started this one decides.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        Stream output = NativeLimits.TakeOutput();
        if (long.TryParse(Environment.GetEnvironmentVariable(MemoryVariable), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
            NativeLimits.Apply(bytes);
        using var requests = new BlockingCollection<WorkerRequest>(1);
        new Thread(() => Receive(Console.OpenStandardInput(), requests)) { IsBackground = true }.Start();
        var wire = new WireWriter(new BufferedStream(output, 1 << 16));
        wire.Number(Greeting);
        wire.Flush();
        foreach (WorkerRequest request in requests.GetConsumingEnumerable())
        {
            long size = Answer(request, wire);
            wire.Flush();
            if (size > Large)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        return 0;
    }

    private static void Receive(Stream input, BlockingCollection<WorkerRequest> requests)
    {
        var wire = new WireReader(new BufferedStream(input, 1 << 16));
        try
        {
            while (true)
                requests.Add(WorkerRequest.Read(wire));
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or OutOfMemoryException)
        {
            Leftovers.Remove();
            NativeLimits.Quit();
        }
    }

    /// <returns>Bytes of pixels that it was about.</returns>
    private static long Answer(WorkerRequest request, WireWriter wire)
    {
        ImageBuffer? image = request.Picture;
        byte[]? file = null;
        try
        {
            if (request.Kind == WorkerRequestKind.Save)
                ImageFile.SaveNew(image!, request.Target!, request.Name, request.Save!);
            else if (request.Kind == WorkerRequestKind.Encode)
                file = ImageFile.Encode(image!, request.Save, request.Name);
            else
                image = request.Bytes is { } bytes ? ImageFile.Load(bytes, request.Name, request.Limits) : ImageFile.Load(request.Name, request.Limits);
        }
        catch (Exception e)
        {
            (WorkerAnswer kind, string text) = e switch
            {
                // Of another file than the one in question the message names it.
                InvalidFileException invalid => (WorkerAnswer.Refused, invalid.Path == request.Name ? invalid.Reason : invalid.Message),
                NativeImageException or ProcessFailedException => (WorkerAnswer.NativeFault, e.Message),
                OutOfMemoryException => (WorkerAnswer.Memory, ""),
                IOException or UnauthorizedAccessException => (WorkerAnswer.System, SystemFault.Reason(e)),
                DllNotFoundException or MissingToolException => (WorkerAnswer.Missing, e.Message),
                _ => (WorkerAnswer.Defect, $"{e.GetType().Name}: {e.Message}"),
            };
            wire.Number((int)kind);
            wire.Text(text);
            wire.Number((int)((e as InvalidFileException)?.Fault ?? FailureCode.Unusable));
            return long.MaxValue;
        }

        wire.Number((int)WorkerAnswer.Done);
        if (request.Kind == WorkerRequestKind.Encode)
            wire.Block(file);
        else if (request.Kind != WorkerRequestKind.Save)
            PictureWire.Write(wire, image!, withFile: true);
        return image!.Data.LongLength;
    }
}

/// <summary>How an answer begins. What follows a failure is its text.</summary>
internal enum WorkerAnswer
{
    Done,
    Refused,
    NativeFault,
    System,
    Memory,
    Missing,
    Defect,
}

internal enum WorkerRequestKind
{
    LoadFile,
    LoadBytes,
    Save,
    Encode,
}

/// <summary>What a worker is to do.</summary>
/// <param name="Name">The file, or what error messages call the picture.</param>
/// <param name="Bytes">A picture file; null for the file that <paramref name="Name"/> is.</param>
/// <param name="Target">A file that does not exist yet.</param>
internal sealed record WorkerRequest(
    WorkerRequestKind Kind, string Name, ImageLimits Limits, byte[]? Bytes = null, ImageBuffer? Picture = null, string? Target = null, SaveOptions? Save = null)
{
    public void Write(WireWriter wire)
    {
        wire.Number((int)Kind);
        wire.Text(Name);
        wire.Number(Limits.MaxPixels);
        wire.Number(Limits.MaxSide);
        wire.Number(Limits.MaxScans);
        wire.Number(Limits.MaxBytes);
        wire.Number(Limits.Salvage ? 1 : 0);
        wire.Block(Bytes);
        if (Picture is null)
            return;
        wire.Text(Target);
        wire.Number((int)Save!.Format!.Value);
        wire.Number(Save.Quality);
        wire.Number(Save.Lossless ? 1 : 0);
        wire.Number((int)Save.Subsampling);
        wire.Number(Save.BitsPerSample ?? 0);
        wire.Number((int)Save.Metadata);
        PictureWire.Write(wire, Picture, withFile: false);
    }

    public static WorkerRequest Read(WireReader wire)
    {
        var kind = (WorkerRequestKind)wire.Number(0, 3);
        string name = wire.Text()!;
        var limits = new ImageLimits
        {
            MaxPixels = wire.Number(),
            MaxSide = (int)wire.Number(),
            MaxScans = (int)wire.Number(),
            MaxBytes = wire.Number(),
            Salvage = wire.Flag(),
        };
        byte[]? bytes = wire.Block(Array.MaxLength);
        if (kind is WorkerRequestKind.LoadFile or WorkerRequestKind.LoadBytes)
            return new WorkerRequest(kind, name, limits, bytes);
        string? target = wire.Text();
        var save = new SaveOptions
        {
            Format = (Formats.ImageFormat)wire.Number(0, 100),
            Quality = (int)wire.Number(),
            Lossless = wire.Flag(),
            Subsampling = (ChromaSubsampling)wire.Number(0, 2),
            BitsPerSample = wire.Number(0, 16) is > 0 and var bits ? bits : null,
            Metadata = (Metadata.MetadataPolicy)wire.Number(0, 10),
        };
        return new WorkerRequest(kind, name, limits, Picture: PictureWire.Read(wire, name, ImageLimits.None), Target: target, Save: save);
    }
}
