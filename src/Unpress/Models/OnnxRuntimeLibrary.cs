using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Unpress.Imaging;

namespace Unpress.Models;

/// <summary>
/// Which native ONNX Runtime is used: the one that came with the program, or the one that <c>UNPRESS_ONNXRUNTIME</c> names, a build for a graphics
/// card for instance. Everything that touches ONNX Runtime goes through here first, because the choice is made once a process.
/// </summary>
public static class OnnxRuntimeLibrary
{
    /// <summary>A library file, or the folder that it is in.</summary>
    public const string Variable = "UNPRESS_ONNXRUNTIME";

    private const string Import = "onnxruntime";

    private static readonly Lazy<bool> Prepared = new(Prepare);

    /// <summary>As the library says, "1.31.1".</summary>
    /// <exception cref="MissingToolException">There is no library, or it is no ONNX Runtime that fits.</exception>
    public static string Version => Guarded(() => OrtEnv.Instance().GetVersionString());

    /// <summary>What the library was built to compute on, without "ExecutionProvider": CPU, CUDA, CoreML, ….</summary>
    /// <exception cref="MissingToolException">As for <see cref="Version"/>.</exception>
    public static IReadOnlyList<string> Providers
        => Guarded(() => OrtEnv.Instance().GetAvailableProviders())
            .Select(name => name.Replace("ExecutionProvider", "", StringComparison.Ordinal)).ToArray();

    /// <summary>Runs what needs the library; a library that is missing or does not fit becomes one clear line.</summary>
    /// <exception cref="MissingToolException">As for <see cref="Version"/>.</exception>
    internal static T Guarded<T>(Func<T> use)
    {
        _ = Prepared.Value;
        try
        {
            return use();
        }
        catch (Exception error) when (Reason(error) is { } reason)
        {
            throw new MissingToolException("ONNX Runtime", reason);
        }
    }

    // The bindings find their functions while their types are initialised: what goes wrong there comes wrapped.
    private static string? Reason(Exception error) => error switch
    {
        MissingToolException missing => missing.Message,
        TypeInitializationException or System.Reflection.TargetInvocationException => error.InnerException is { } inner ? Reason(inner) ?? Unfit(inner) : null,
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => Unfit(error),
        _ => null,
    };

    private static string Unfit(Exception error)
        => $"{(Named() is { } named ? $"{named}, which {Variable} names, does not fit" : "its library does not load")}: {error.Message.ReplaceLineEndings(" ")}";

    private static bool Prepare()
    {
        // The official builds report to Microsoft over the network, and keep a number for the machine, unless told not to before they start.
        NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
        OrtEnv.DisableDllImportResolver = true;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, (name, _, _) => name == Import && Named() is { } file ? Load(file) : 0);
        }
        catch (InvalidOperationException) when (Named() is null)
        {
            // Another part of this process has used ONNX Runtime before, and has its library: the same one then.
        }

        return true;
    }

    private static nint Load(string file)
        => NativeLibrary.TryLoad(file, out nint library) ? library : throw new DllNotFoundException($"{file} is no library for this machine");

    /// <summary>The file that the environment names; null where it names none.</summary>
    /// <exception cref="MissingToolException">It names nothing that is there.</exception>
    private static string? Named()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } named)
            return null;
        string name = OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
        string file = Path.GetFullPath(Directory.Exists(named) ? Path.Combine(named, name) : named);
        return File.Exists(file) ? file : throw new MissingToolException("ONNX Runtime", $"{Variable} names {named}, and there is no {Path.GetFileName(file)}");
    }
}
