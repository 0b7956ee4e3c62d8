using System.Reflection;
using System.Runtime.InteropServices;

namespace Unpress.Torch.Interop;

/// <summary>The only P/Invoke to torch_bridge.h; a test compares the two.</summary>
internal static unsafe partial class Native
{
    private const string Library = "unpress_torch";

    private static nint _library;

    static Native()
    {
        // Read by libgomp when it is loaded. Its threads wait by spinning; where anything else runs on the machine too, each of the many
        // short parallel loops then waits for a thread that has no core. With a short spin training was 10 times faster on a busy
        // two-core machine. Some spinning pays on an idle one: 1,000 turns (microseconds) train 15 % faster than 100, and more gains nothing.
        // Whoever set the variable knows better.
        setenv("GOMP_SPINCOUNT", "1000", 0);
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);
    }

    /// <summary>Throws the text of the thread's last native failure when <paramref name="status"/> is not 0.</summary>
    public static void Check(int status)
    {
        if (status != 0)
            throw new TorchException(Marshal.PtrToStringUTF8(ut_last_error()) ?? "unknown failure");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)] private static partial int setenv(string name, string value, int overwrite);
    [LibraryImport(Library)] public static partial nint ut_last_error();
    [LibraryImport(Library)] public static partial nint ut_version();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int ut_op_find(string name, string overload, out nint op);
    [LibraryImport(Library)] public static partial int ut_op_schema(nint op, byte* text, int capacity);
    [LibraryImport(Library)]
    public static partial int ut_op_call(
        nint op, NativeValue* arguments, int count, NativeValue* results, int capacity, out int resultCount);
    [LibraryImport(Library)] public static partial int ut_tensor_from(void* data, long bytes, int dtype, long* sizes, int rank, out nint tensor);
    [LibraryImport(Library)] public static partial int ut_tensor_read(nint tensor, void* data, long bytes);
    [LibraryImport(Library)] public static partial int ut_tensor_write(nint tensor, void* data, long bytes);
    [LibraryImport(Library)]
    public static partial int ut_tensor_info(
        nint tensor, out int dtype, out int deviceType, out int deviceIndex, out int rank, long* sizes);
    [LibraryImport(Library)] public static partial int ut_tensor_data(nint tensor, out nint data);
    [LibraryImport(Library)] public static partial int ut_tensor_alias(nint tensor, out nint alias);
    [LibraryImport(Library)] public static partial void ut_tensor_free(nint tensor);
    [LibraryImport(Library)] public static partial long ut_tensor_live_count();
    [LibraryImport(Library)] public static partial int ut_requires_grad(nint tensor, out int value);
    [LibraryImport(Library)] public static partial int ut_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] public static partial int ut_get_grad(nint tensor, out nint grad);
    [LibraryImport(Library)] public static partial int ut_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] public static partial int ut_backward(nint tensor, nint seed, int retainGraph, int createGraph);
    [LibraryImport(Library)] public static partial int ut_grad(nint output, nint seed, nint* inputs, int count, int retainGraph, int createGraph, nint* grads);
    [LibraryImport(Library)] public static partial int ut_grad_mode(int enabled, out int previous);
    [LibraryImport(Library)] public static partial int ut_autocast(int deviceType, int dtype, out int previous);
    [LibraryImport(Library)] public static partial int ut_threads(out int count);
    [LibraryImport(Library)] public static partial int ut_set_threads(int count);
    [LibraryImport(Library)] public static partial int ut_seed(ulong seed);
    [LibraryImport(Library)] public static partial int ut_generator_new(int deviceType, int deviceIndex, ulong seed, out GeneratorHandle generator);
    [LibraryImport(Library)] public static partial void ut_generator_free(nint generator);
    [LibraryImport(Library)] public static partial int ut_generator_state(GeneratorHandle generator, out nint state);
    [LibraryImport(Library)] public static partial int ut_set_generator_state(GeneratorHandle generator, nint state);
    [LibraryImport(Library)] public static partial int ut_cudnn_benchmark(int enabled);
    [LibraryImport(Library)] public static partial int ut_cpu_memory(out long live, out long peak, out long kept);
    [LibraryImport(Library)] public static partial int ut_cpu_reset_peak();
    [LibraryImport(Library)] public static partial int ut_cpu_empty_cache();
    [LibraryImport(Library)] public static partial int ut_cuda_device_count(out int count);
    [LibraryImport(Library)] public static partial int ut_cuda_memory(int device, out long allocated, out long peak, out long freeBytes, out long totalBytes);
    [LibraryImport(Library)] public static partial int ut_cuda_empty_cache();
    [LibraryImport(Library)] public static partial int ut_synchronize(int deviceType);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ut_group_new(string host, int port, int serves, string prefix, int rank, int size, long milliseconds, out GroupHandle group);
    [LibraryImport(Library)] public static partial int ut_group_all_reduce(GroupHandle group, nint tensor);
    [LibraryImport(Library)] public static partial int ut_group_broadcast(GroupHandle group, nint tensor);
    [LibraryImport(Library)] public static partial void ut_group_free(nint group);
    [LibraryImport(Library)]
    public static partial int ut_exchange_new(GroupHandle group, nint[] parameters, int count, long bucketBytes, out ExchangeHandle exchange);
    [LibraryImport(Library)] public static partial int ut_exchange_begin(ExchangeHandle exchange);
    [LibraryImport(Library)] public static partial int ut_exchange_finish(ExchangeHandle exchange);
    [LibraryImport(Library)] public static partial void ut_exchange_free(nint exchange);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return 0;
        if (_library == 0)
            WorkshopSetup.Run();
        string path = Find() ?? throw new DllNotFoundException(
            $"this needs libtorch (training, networks that are no ONNX file, learned metrics), and lib{Library}.so is not here; ./unpress of a checkout sets it up");
        nint library = NativeLibrary.Load(path);
        // We are asked again for every function at its first use.
        if (Interlocked.Exchange(ref _library, library) == 0)
            UseAllProcessors(library);
        return library;
    }

    /// <summary>The library's file; null where there is none.</summary>
    internal static string? Find() => Folders().Select(folder => Path.Combine(folder, $"lib{Library}.so")).FirstOrDefault(File.Exists);

    // Debian's libtorch begins with one thread, whatever the machine has. Through the export, as the import is only just being resolved.
    private static void UseAllProcessors(nint library)
    {
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null or "")
            _ = ((delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, nameof(ut_set_threads)))(Environment.ProcessorCount);
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("UNPRESS_NATIVE_DIR") is { Length: > 0 } given)
            yield return given;
        yield return AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, ".build", "native");
    }
}
