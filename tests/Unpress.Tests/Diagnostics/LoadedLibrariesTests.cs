using Unpress.Diagnostics;

namespace Unpress.Tests.Diagnostics;

public class LoadedLibrariesTests
{
    [Fact]
    public void Maps_are_read_one_line_a_library()
    {
        string[] maps =
        [
            "7f10-7f20 r--p 00000000 08:01 1  /usr/lib/x86_64-linux-gnu/libvips.so.42.16.1",
            "7f20-7f30 r-xp 00010000 08:01 1  /usr/lib/x86_64-linux-gnu/libvips.so.42.16.1",
            "7f30-7f40 r-xp 00000000 08:01 2  /opt/my torch/lib/libtorch_cpu.so",
            "7f40-7f50 r-xp 00000000 08:01 3  /opt/my torch/lib/libgomp-a34b3233.so.1",
            "7f50-7f60 r-xp 00000000 08:01 4  /usr/lib/x86_64-linux-gnu/libz.so.1.2.13",
            "7f60-7f70 rw-p 00000000 00:00 0  [heap]",
        ];

        Assert.Equal(
        [
            new LoadedLibrary("libtorch_cpu", null, "/opt/my torch/lib/libtorch_cpu.so"),
            new LoadedLibrary("libgomp", "1", "/opt/my torch/lib/libgomp-a34b3233.so.1"),
            new LoadedLibrary("libvips", "42.16.1", "/usr/lib/x86_64-linux-gnu/libvips.so.42.16.1"),
        ],
        LoadedLibraries.Parse(maps));
    }
}
