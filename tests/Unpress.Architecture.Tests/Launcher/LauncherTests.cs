using System.Diagnostics;

namespace Unpress.Architecture.Tests.Launcher;

public sealed class LauncherTests : IDisposable
{
    private readonly LauncherSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void The_first_start_builds_and_the_second_does_not()
    {
        Assert.Contains("building", _sandbox.Run("--version").Error, StringComparison.Ordinal);

        LauncherResult second = _sandbox.Run("--version");

        Assert.Equal((0, "<--version>\n", ""), (second.ExitCode, second.Output, second.Error));
        Assert.Equal(1, _sandbox.Builds);
    }

    [Fact]
    public void Content_decides_whether_to_build_again()
    {
        _sandbox.Run();
        File.SetLastWriteTimeUtc(_sandbox.Source, DateTime.UtcNow.AddMinutes(1));
        _sandbox.Run();
        Assert.Equal(1, _sandbox.Builds);

        File.WriteAllText(_sandbox.Source, "second");
        _sandbox.Run();
        Assert.Equal(2, _sandbox.Builds);

        File.WriteAllText(_sandbox.Source, "first");
        _sandbox.Run();
        Assert.Equal(2, _sandbox.Builds); // going back finds the first build still there
    }

    [Fact]
    public void Arguments_input_and_exit_code_pass_through_untouched()
    {
        _sandbox.Environment["STAND_IN_EXIT"] = "42";

        LauncherResult result = LauncherSandbox.Finish(_sandbox.Start(["a b", "", "*", "-o", "$HOME"]), input: "pixels\n");

        Assert.Equal((42, "<a b>\n<>\n<*>\n<-o>\n<$HOME>\npixels\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void A_link_to_the_launcher_works_from_anywhere()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_sandbox.Root, "..", "elsewhere")).FullName;
        string link = Path.Combine(elsewhere, "linked");
        File.CreateSymbolicLink(link, _sandbox.Launcher);

        LauncherResult result = LauncherSandbox.Finish(_sandbox.Start(["photo.jpg"], link, elsewhere));

        Assert.Equal((0, "<photo.jpg>\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void Two_starts_at_once_build_once()
    {
        Process[] starts = [_sandbox.Start([]), _sandbox.Start([])];

        Assert.All(starts.Select(start => LauncherSandbox.Finish(start)), result => Assert.Equal(0, result.ExitCode));
        Assert.Equal(1, _sandbox.Builds);
    }

    [Fact]
    public void A_failed_build_shows_why_and_is_tried_again()
    {
        _sandbox.Environment["STAND_IN_BUILD"] = "broken";
        LauncherResult broken = _sandbox.Run();
        Assert.Equal((3, ""), (broken.ExitCode, broken.Output));
        Assert.Contains("error CS0000: broken on purpose", broken.Error, StringComparison.Ordinal);
        Assert.Contains(".build/log", broken.Error, StringComparison.Ordinal);

        _sandbox.Environment.Remove("STAND_IN_BUILD");
        Assert.Equal(0, _sandbox.Run().ExitCode);
    }

    [Fact]
    public void Without_the_SDK_it_says_how_to_get_it()
    {
        _sandbox.Environment["STAND_IN_SDK"] = "8.0.404";

        LauncherResult result = _sandbox.Run();

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("dotnet-install.sh | bash -s -- --channel 10.0", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_package_is_installed_by_root_and_named_to_others()
    {
        _sandbox.Environment["STAND_IN_PACKAGES"] = string.Join(' ', LauncherSandbox.BuildPackages.Append("libtorch-dev"));

        LauncherResult result = _sandbox.Run("set-up-workshop");

        Assert.Contains("missing package ffmpeg", result.Error, StringComparison.Ordinal);
        const string Line = "install -y --no-install-recommends libgloo-dev libopenblas0-openmp ffmpeg";
        if (System.Environment.IsPrivilegedProcess)
        {
            Assert.Equal(0, result.ExitCode);
            Assert.Contains(_sandbox.Calls, call => call.EndsWith(Line, StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(3, result.ExitCode);
            Assert.Contains($"sudo apt-get {Line}", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Restoring_pictures_asks_for_no_package_and_no_compiler()
    {
        _sandbox.Environment["STAND_IN_PACKAGES"] = "";
        LauncherResult result = _sandbox.Run("enhance", "photo.jpg");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("missing", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_sandbox.Calls, call => call.StartsWith("cmake", StringComparison.Ordinal)
            || call.StartsWith("apt-get", StringComparison.Ordinal));
        // The program knows whom to ask when it needs more.
        Assert.Contains($"launcher {_sandbox.Launcher}", _sandbox.Calls);
    }

    [Fact]
    public void The_workshop_is_set_up_when_the_program_asks_and_again_when_its_sources_change()
    {
        _sandbox.Environment["STAND_IN_PACKAGES"] += ' ' + string.Join(' ', LauncherSandbox.WorkshopPackages);
        _sandbox.Run();
        int builds = NativeBuilds;

        Assert.Equal((0, ""), Quiet(_sandbox.Run("set-up-workshop")));
        Assert.Equal(builds + 1, NativeBuilds);
        Assert.Equal(1, _sandbox.Builds); // of the program

        Assert.Equal((0, ""), Quiet(_sandbox.Run("set-up-workshop")));
        Assert.Equal(builds + 1, NativeBuilds);

        File.WriteAllText(Path.Combine(_sandbox.Root, "native", "bridge.cpp"), "changed");
        _sandbox.Run("set-up-workshop");
        Assert.Equal(builds + 2, NativeBuilds);

        static (int, string) Quiet(LauncherResult result) => (result.ExitCode, result.Output);
    }

    [Fact]
    public void A_libtorch_given_by_hand_replaces_the_package()
    {
        _sandbox.Environment["STAND_IN_PACKAGES"] += " ffmpeg";
        _sandbox.Environment["UNPRESS_LIBTORCH"] = "/opt/libtorch";

        LauncherResult result = _sandbox.Run("set-up-workshop");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("missing", result.Error, StringComparison.Ordinal);
        Assert.Contains(_sandbox.Calls, call => call.Contains("-DCMAKE_PREFIX_PATH=/opt/libtorch", StringComparison.Ordinal));
    }

    private int NativeBuilds => _sandbox.Calls.Count(call => call.StartsWith("cmake --build", StringComparison.Ordinal));
}
