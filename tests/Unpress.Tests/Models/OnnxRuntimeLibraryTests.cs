using Unpress.Models;

namespace Unpress.Tests.Models;

public class OnnxRuntimeLibraryTests
{
    [Fact]
    public void The_library_is_told_to_report_nothing_to_its_makers()
    {
        Assert.NotEmpty(OnnxRuntimeLibrary.Version);
        Assert.Equal("1", NativeEnvironment.Get("ORT_DISABLE_TELEMETRY"));
    }
}
