using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Models;
using Unpress.Onnx;
using Unpress.Tests.Inference;

namespace Unpress.Tests.Models;

/// <summary>
/// This assembly as a program: <c>dotnet Unpress.Tests.dll FILE FIRST COUNT</c> loads and runs mutations of a model file, and prints one line before
/// and one after each. A process of its own, because what native code does wrong ends it.
/// </summary>
internal static class MutationWorker
{
    /// <summary>In place of a file: <see cref="OnnxMutations.Small"/>.</summary>
    public const string Small = "small";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static int Main(string[] arguments)
    {
        byte[] file = arguments[0] == Small ? OnnxMutations.Small() : File.ReadAllBytes(arguments[0]);
        int first = int.Parse(arguments[1], CultureInfo.InvariantCulture), count = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("unpress-mutations-");
        string path = Path.Combine(folder.FullName, "model.onnx");
        for (int number = first; number < first + count; number++)
        {
            File.WriteAllBytes(path, number < 0 ? file : OnnxMutations.Make(file, number));
            Console.WriteLine(FormattableString.Invariant($"{number}\tbegun"));
            Console.WriteLine(FormattableString.Invariant($"{number}\t{Outcome(path)}"));
        }

        folder.Delete(recursive: true);
        return 0;
    }

    /// <summary>One word, and after a tab what was said.</summary>
    private static string Outcome(string path)
    {
        using var source = new CancellationTokenSource();
        try
        {
            using var enhancer = new ModelEnhancer(
                "mutation", OnnxModel.Open(path, new OnnxModelOptions { Threads = 1, Device = OnnxDevice.Cpu, Patience = Patience }));
            source.CancelAfter(Patience);
            enhancer.Enhance(InferencePictures.Noise(45, 31, ColourModel.Rgb), source.Token);
            return "ran";
        }
        catch (Exception error) when (error is OnnxFileException or ModelException)
        {
            if (error.Message.Contains('\n', StringComparison.Ordinal)
                || (error is OnnxFileException && !error.Message.StartsWith(path, StringComparison.Ordinal)))
                return $"fault\tnot one line that names the file: {error.Message.ReplaceLineEndings("\\n")}";
            bool byRuntime = error.InnerException is OnnxRuntimeException || error.InnerException?.InnerException is OnnxRuntimeException;
            string who = byRuntime ? "refused-by-runtime" : "refused";
            return $"{who}\t{error.Message}";
        }
        catch (BrokenOutputException error)
        {
            return $"guarded\t{error.Message}";
        }
        catch (InsufficientMemoryException error)
        {
            return $"memory\t{error.Message}";
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            return "slow";
        }
        catch (Exception error)
        {
            return $"fault\t{error.ToString().ReplaceLineEndings("\\n")}";
        }
    }
}
