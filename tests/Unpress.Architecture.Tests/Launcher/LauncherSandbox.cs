using System.Diagnostics;

namespace Unpress.Architecture.Tests.Launcher;

/// <summary>What a run of the launcher gave back.</summary>
internal sealed record LauncherResult(int ExitCode, string Output, string Error);

/// <summary>
/// A copy of the launcher in a folder with a space in its name, around tiny sources, with stand-ins for dotnet, cmake, dpkg-query and
/// apt-get that note their calls. So the launcher's own logic is tested in milliseconds, without a compiler or a network.
/// </summary>
internal sealed class LauncherSandbox : IDisposable
{
    private static readonly Dictionary<string, string> StandIns = new()
    {
        // "publish" leaves a program that prints its arguments and its input; STAND_IN_BUILD=broken makes builds fail.
        ["dotnet"] = """
            case $1 in
                --list-sdks) echo "${STAND_IN_SDK:-10.0.100} [/usr/share/dotnet/sdk]" ;;
                publish)
                    [[ ${STAND_IN_BUILD:-} != broken ]] || { echo "error CS0000: broken on purpose"; exit 1; }
                    sleep 0.3
                    while [[ $1 != -o ]]; do shift; done
                    mkdir -p "$2" && touch "$2/Unpress.Cli.dll" ;;
                *.dll) shift; printf '<%s>\n' "$@"; cat; echo "launcher $UNPRESS_LAUNCHER" >>"$CALLS"; exit "${STAND_IN_EXIT:-0}" ;;
            esac
            """,
        ["cmake"] = """
            [[ $1 != --build ]] || touch "$2/libunpress_test.so"
            [[ $1 != -S ]] || mkdir -p "$4"
            """,
        ["dpkg-query"] = """for name in ${STAND_IN_PACKAGES:-}; do echo "installed $name"; done""",
        ["apt-get"] = "true",
    };

    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory("unpress launcher ");

    public LauncherSandbox()
    {
        Directory.CreateDirectory(Path.Combine(Root, "native"));
        Directory.CreateDirectory(Path.Combine(Root, "src", "Unpress.Cli"));
        Directory.CreateDirectory(Path.Combine(Root, "eng"));
        File.WriteAllText(Source, "first");
        File.WriteAllText(Path.Combine(Root, "Directory.Build.props"), "<Project />");
        File.Copy(RepoPaths.Combine("unpress"), Launcher);
        File.Copy(RepoPaths.Combine("eng", "setup.sh"), Path.Combine(Root, "eng", "setup.sh"));
        foreach ((string name, string body) in StandIns)
        {
            string file = Path.Combine(Bin, name);
            Directory.CreateDirectory(Bin);
            File.WriteAllText(file, $"#!/bin/bash\necho \"{name} $*\" >>\"$CALLS\"\n{body}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    public string Root => Path.Combine(_top.FullName, "the project");

    public string Launcher => Path.Combine(Root, "unpress");

    public string Source => Path.Combine(Root, "src", "Unpress.Cli", "Program.cs");

    /// <summary>What builds the library that leads to libtorch.</summary>
    public static IReadOnlyList<string> BuildPackages { get; } = ["g++", "cmake", "ninja-build"];

    /// <summary>What training and the like need besides.</summary>
    public static IReadOnlyList<string> WorkshopPackages { get; } = ["libtorch-dev", "libgloo-dev", "libopenblas0-openmp", "ffmpeg"];

    public Dictionary<string, string> Environment { get; } = new() { ["STAND_IN_PACKAGES"] = string.Join(' ', BuildPackages) };

    /// <summary>The calls of the stand-ins so far, one line each.</summary>
    public string[] Calls => File.Exists(CallsFile) ? File.ReadAllLines(CallsFile) : [];

    public int Builds => Calls.Count(call => call.StartsWith("dotnet publish", StringComparison.Ordinal));

    private string Bin => Path.Combine(_top.FullName, "bin");

    private string CallsFile => Path.Combine(_top.FullName, "calls");

    public LauncherResult Run(params string[] arguments) => Finish(Start(arguments));

    public Process Start(string[] arguments, string? launcher = null, string? directory = null)
    {
        var start = new ProcessStartInfo("bash", [launcher ?? Launcher, .. arguments])
        {
            WorkingDirectory = directory ?? _top.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Bin}:/usr/bin:/bin";
        start.Environment["CALLS"] = CallsFile;
        start.Environment["CI"] = "true";
        start.Environment.Remove("UNPRESS_LIBTORCH");
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static LauncherResult Finish(Process process, string input = "")
    {
        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new(process.ExitCode, output, error.Result);
        }
    }

    public void Dispose() => _top.Delete(recursive: true);
}
