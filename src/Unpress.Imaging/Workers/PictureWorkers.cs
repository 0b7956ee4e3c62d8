using System.Collections.Concurrent;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Workers;

/// <summary>
/// Decodes and encodes pictures in processes of their own, with limits on memory and time. One that dies costs its picture and nothing more: the
/// next picture gets a new one. They are started when they are needed and stay for further pictures. From any thread.
/// JPEG, PNG, PPM and BMP are written here: their encoders are managed code.
/// </summary>
public sealed class PictureWorkers : IPictureFiles, IDisposable
{
    private readonly WorkerOptions _options;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentBag<WorkerProcess> _idle = [];
    private volatile bool _disposed;

    public PictureWorkers(WorkerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1);
        _options = options;
        _free = new SemaphoreSlim(options.Count);
    }

    private ImageLimits Limits => _options.Limits ?? ImageLimits.Default;

    /// <summary>Starts one ahead, so that the first picture does not wait for it. Without it, or where it fails, the first picture starts one.</summary>
    public void Start()
    {
        try
        {
            _idle.Add(new WorkerProcess(_options));
        }
        catch (ProcessFailedException)
        {
            // The first picture will say so.
        }
    }

    public ImageBuffer Load(string path, CancellationToken cancellation = default)
    {
        ImageLimits limits = Limits;
        return Ask(new WorkerRequest(WorkerRequestKind.LoadFile, path, limits), wire => PictureWire.Read(wire, path, limits), cancellation);
    }

    public ImageBuffer Load(byte[] bytes, string name, CancellationToken cancellation = default)
    {
        ImageLimits limits = Limits;
        return Ask(new WorkerRequest(WorkerRequestKind.LoadBytes, name, limits, bytes), wire => PictureWire.Read(wire, name, limits), cancellation);
    }

    public void Save(ImageBuffer image, string path, SaveOptions options, bool replace, CancellationToken cancellation = default)
    {
        options = ImageFile.ForFile(path, options);
        if (IsManaged(options.Format!.Value))
        {
            ImageFile.Save(image, path, options, replace);
            return;
        }
        options.Validate();
        AtomicFile.Write(
            path,
            temporary => Ask(
                new WorkerRequest(WorkerRequestKind.Save, path, ImageLimits.None, Picture: image, Target: Path.GetFullPath(temporary), Save: options),
                _ => true, cancellation),
            replace);
    }

    public byte[] Encode(ImageBuffer image, SaveOptions options, string name, CancellationToken cancellation = default)
    {
        options = options with { Format = options.Format ?? ImageFormat.Png };
        if (IsManaged(options.Format.Value))
            return ImageFile.Encode(image, options, name);
        options.Validate();
        return Ask(
            new WorkerRequest(WorkerRequestKind.Encode, name, ImageLimits.None, Picture: image, Save: options),
            wire => wire.Block(Array.MaxLength) ?? [], cancellation);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out WorkerProcess? worker))
            worker.Dispose();
    }

    private static bool IsManaged(ImageFormat format) => format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.Ppm or ImageFormat.Bmp;

    private T Ask<T>(WorkerRequest request, Func<WireReader, T> read, CancellationToken cancellation)
    {
        _free.Wait(cancellation);
        WorkerProcess? worker = null;
        try
        {
            if (!_idle.TryTake(out worker))
                worker = new WorkerProcess(_options);
            (T? answer, Exception? failure) = worker.Ask(request, wire => Answer(wire, request.Name, read), _options.TimeLimit, cancellation);
            _idle.Add(worker);
            worker = null;
            if (_disposed)
                Dispose();
            return failure is null ? answer! : throw failure;
        }
        catch (WorkerDiedException death)
        {
            throw death.Started
                ? new InvalidFileException(request.Name, death.Message, death, death.Fault)
                : new ProcessFailedException($"no worker can be started ({death.Message}); --isolate off reads and writes pictures without one", death);
        }
        finally
        {
            worker?.Dispose();
            _free.Release();
        }
    }

    private static (T? Answer, Exception? Failure) Answer<T>(WireReader wire, string name, Func<WireReader, T> read)
    {
        var kind = (WorkerAnswer)wire.Number(0, (int)WorkerAnswer.Defect);
        if (kind == WorkerAnswer.Done)
            return (read(wire), null);
        string text = wire.Text() ?? "";
        var fault = (FailureCode)wire.Number(0, (int)FailureCode.Folder);
        return (default, kind switch
        {
            WorkerAnswer.NativeFault => new NativeImageException(text),
            WorkerAnswer.System => new IOException(text),
            WorkerAnswer.Memory => new InvalidFileException(name, "takes more memory than a worker may have (--memory raises it)", fault: FailureCode.Memory),
            WorkerAnswer.Missing => new DllNotFoundException(text),
            WorkerAnswer.Defect => new InvalidFileException(name, $"its decoder or encoder failed ({text})", fault: FailureCode.Crashed),
            _ => new InvalidFileException(name, text, fault: fault),
        });
    }
}
