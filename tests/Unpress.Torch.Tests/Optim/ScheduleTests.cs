using Unpress.Torch.Optim;

namespace Unpress.Torch.Tests.Optim;

public class ScheduleTests
{
    [Fact]
    public void Constant_stays() => Assert.Equal(1, Schedules.Constant()(123_456));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 0.1)]
    [InlineData(19, 0.1)]
    [InlineData(20, 0.01)]
    [InlineData(1_000, 0.01)]
    public void Multi_step_falls_at_each_milestone(long step, double expected)
        => Assert.Equal(expected, Schedules.MultiStep([10, 20], 0.1)(step), 1e-15);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 0.1 + 0.9 * 0.85355339059327378)]
    [InlineData(50, 0.55)]
    [InlineData(100, 0.1)]
    [InlineData(200, 0.1)]
    public void Cosine_falls_to_its_floor_and_stays(long step, double expected)
        => Assert.Equal(expected, Schedules.Cosine(100, 0.1)(step), 1e-12);

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(2, 0.75)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(10, 0.1)]
    public void Warm_up_rises_from_above_zero_to_the_schedule(long step, double expected)
        => Assert.Equal(expected, Schedules.WithWarmup(4, Schedules.MultiStep([10], 0.1))(step), 1e-15);
}
