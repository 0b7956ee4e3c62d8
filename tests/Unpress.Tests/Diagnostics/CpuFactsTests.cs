using Unpress.Diagnostics;

namespace Unpress.Tests.Diagnostics;

public class CpuFactsTests
{
    [Theory]
    [InlineData("fpu sse4_2 avx2", true, false, false, false)]
    [InlineData("fpu avx2 avx512f", true, true, false, false)]
    [InlineData("avx2 avx512f avx512_bf16 amx_bf16 amx_tile", true, true, true, true)]
    [InlineData("fpu", false, false, false, false)]
    public void The_flags_become_features(string flags, bool avx2, bool avx512, bool bf16, bool amx)
    {
        string[] cpuinfo = ["processor\t: 0", "model name\t: AMD EPYC 9V74", $"flags\t\t: {flags}", "", "processor\t: 1", "flags\t\t: other"];

        Assert.Equal(new CpuFacts("AMD EPYC 9V74", 2, avx2, avx512, bf16, amx), CpuFacts.Parse(cpuinfo, 2));
    }

    [Fact]
    public void This_machine_agrees_with_the_runtime() =>
        Assert.Equal(System.Runtime.Intrinsics.X86.Avx2.IsSupported, CpuFacts.OfThisMachine().Avx2);
}
