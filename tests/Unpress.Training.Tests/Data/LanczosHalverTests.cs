using Unpress.Data;

namespace Unpress.Tests.Data;

public sealed class LanczosHalverTests
{
    [Fact]
    public void A_flat_picture_stays_flat_and_a_ramp_keeps_its_slope()
    {
        Assert.All(LanczosHalver.Halve(Enumerable.Repeat((byte)77, 21 * 11 * 3).ToArray(), 21, 11, 3), value => Assert.Equal(77, value));

        byte[] ramp = [.. Enumerable.Range(0, 64 * 4).Select(i => (byte)(3 * (i % 64)))];
        byte[] half = LanczosHalver.Halve(ramp, 64, 4, 1);
        Assert.Equal(32 * 2, half.Length);
        // Far from the edges the middle of old pixels 2x and 2x+1 is at 3 (2x + 0.5).
        for (int x = 6; x < 26; x++)
            Assert.InRange(half[x], (6 * x) + 1, (6 * x) + 2);
    }

    [Fact]
    public void What_half_the_size_cannot_carry_is_gone()
    {
        byte[] stripes = [.. Enumerable.Range(0, 64 * 64).Select(i => (byte)(i % 2 * 255))];
        byte[] half = LanczosHalver.Halve(stripes, 64, 64, 1);
        for (int x = 6; x < 26; x++)
            Assert.InRange(half[(16 * 32) + x], 126, 129);
    }
}
