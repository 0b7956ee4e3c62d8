using Unpress.Networks.Export;
using Unpress.Torch;

namespace Unpress.Tests.Networks.Export;

/// <summary>Sizes seen for five pictures, and the formula that must come out: it is tried on others.</summary>
public sealed class SizeFormulaTests
{
    private static readonly long[] Heights = [20, 40, 27, 47, 50], Widths = [40, 19, 47, 25, 61];

    public static TheoryData<string, Func<long, long, long>> Formulas => new()
    {
        { "constant", (_, _) => 7 },
        { "side", (height, _) => height },
        { "other side", (_, width) => width },
        { "line", (height, _) => (2 * height) - 3 },
        { "missing to the next multiple", (_, width) => (8 - (width % 8)) % 8 },
        { "half, rounded up", (height, _) => (height + 1) / 2 },
        { "eighth, rounded down, less one", (_, width) => (width / 8) - 1 },
        { "whole blocks after a border", (height, _) => (height - 7) / 8 * 8 },
        { "next multiple and one more", (_, width) => ((width / 8) + 1) * 8 },
        { "area", (height, width) => height * width },
        { "difference", (height, width) => width - height + 2 },
        { "lack", (height, _) => Math.Max(0, 30 - height) },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void A_formula_gives_what_was_seen_and_what_was_not(string what, Func<long, long, long> expected)
    {
        var formulas = new SizeFormulas(multiple: 8);
        formulas.Learn(Picture());

        var found = formulas.Find(new SizeVector([.. Heights.Zip(Widths, expected)]));

        Assert.NotNull(found);
        foreach (var (height, width) in new (long, long)[] { (64, 96), (101, 33), (16, 15), (333, 1024) })
            Assert.True(expected(height, width) == Value(found, height, width),
                $"{what} for {width}x{height}: {Value(found, height, width)}");
    }

    [Fact]
    public void Numbers_without_a_formula_have_none()
    {
        var formulas = new SizeFormulas(multiple: 8);
        formulas.Learn(Picture());

        Assert.Null(formulas.Find(new SizeVector([3, 1, 4, 1, 5])));
    }

    private static TracedTensor Picture()
        => new(0, [.. Heights.Zip(Widths, (height, width) =>
            new SeenTensor(Origin.Input, "image", DType.Float32, [1, 3, height, width], null))]);

    private static long Value(SizeFormula formula, long height, long width) => formula switch
    {
        SizeFormula.Number number => number.Value,
        SizeFormula.Side side => side.Dimension == 2 ? height : width,
        SizeFormula.Line line => (((Value(line.Of, height, width) * line.Times) + line.Before) / line.By * line.Each) + line.After,
        SizeFormula.Missing missing => (missing.Multiple - (Value(missing.Of, height, width) % missing.Multiple)) % missing.Multiple,
        SizeFormula.Product product =>
            Value(product.Left, height, width) * Value(product.Right, height, width) * product.Times / product.By,
        SizeFormula.Difference difference =>
            Value(difference.Left, height, width) - Value(difference.Right, height, width) + difference.More,
        SizeFormula.Lack lack => Math.Max(0, lack.Least - Value(lack.Of, height, width)),
        _ => throw new ArgumentException($"{formula}"),
    };
}
