using System.Runtime.InteropServices;

namespace Unpress.Vision;

/// <summary>native/dnn_bridge.h, name for name: the only door to OpenCV.</summary>
internal static unsafe partial class NativeDnn
{
    internal const string Library = "unpress_dnn";

    static NativeDnn() => NativeLibrary.SetDllImportResolver(
        typeof(NativeDnn).Assembly, (name, _, _) => name == Library ? NativeFolders.Load(Library) : 0);

    /// <summary>OpenCV's version.</summary>
    /// <exception cref="DllNotFoundException">The library was not built, because OpenCV was not there, or OpenCV is gone.</exception>
    internal static string Version()
    {
        byte* text;
        Check(dnn_version(&text), "OpenCV");
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }

    /// <param name="fault">What is not possible.</param>
    /// <exception cref="Imaging.InvalidFileException">A call has failed; the words are the bridge's own.</exception>
    internal static void Check(int status, string file, string fault = "OpenCV cannot use it")
    {
        if (status == 0)
            return;
        byte* text;
        _ = dnn_last_error(&text);
        // OpenCV breaks lines and begins them with an angle.
        var words = (Marshal.PtrToStringUTF8((nint)text) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word != ">");
        throw new Imaging.InvalidFileException(file, $"{fault}: {string.Join(' ', words)}");
    }

    [LibraryImport(Library)]
    internal static partial int dnn_last_error(byte** text);

    [LibraryImport(Library)]
    internal static partial int dnn_version(byte** text);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int dnn_open(string path, void** model);

    [LibraryImport(Library)]
    internal static partial int dnn_close(void* model);

    [LibraryImport(Library)]
    internal static partial int dnn_output_count(void* model, int* count);

    [LibraryImport(Library)]
    internal static partial int dnn_output_name(void* model, int index, byte** name);

    [LibraryImport(Library)]
    internal static partial int dnn_run(void* model, float* input, int channels, int height, int width);

    [LibraryImport(Library)]
    internal static partial int dnn_output(void* model, int index, int* rank, int* sizes, float** values, long* count);
}
