using Unpress.Evaluation;

namespace Unpress.Tests.Evaluation;

public class FixedTextTests
{
    [Theory]
    [InlineData(-0.004, 2, "0.00", "+0.00")]
    [InlineData(double.NegativeZero, 2, "0.00", "+0.00")]
    [InlineData(0.004, 2, "0.00", "+0.00")]
    [InlineData(-0.3, 0, "0", "+0")]
    [InlineData(-0.006, 2, "-0.01", "-0.01")]
    [InlineData(-10, 0, "-10", "-10")]
    [InlineData(double.PositiveInfinity, 2, "inf", "+inf")]
    [InlineData(double.NegativeInfinity, 2, "-inf", "-inf")]
    public void What_rounds_to_nothing_has_no_minus(double value, int decimals, string text, string signed)
    {
        Assert.Equal(text, FixedText.Of(value, decimals));
        Assert.Equal(signed, FixedText.Signed(value, decimals));
    }
}
