namespace Unpress.Networks.Export;

/// <summary>A whole number as it follows from the sizes of tensors that are there before it.</summary>
internal abstract record SizeFormula
{
    /// <summary>Always the same.</summary>
    public sealed record Number(long Value) : SizeFormula;

    /// <summary>The size of a dimension.</summary>
    public sealed record Side(TracedTensor Tensor, int Dimension) : SizeFormula;

    /// <summary>⌊(of · times + before) / by⌋ · each + after.</summary>
    public sealed record Line(SizeFormula Of, long Times, long Before, long By, long Each, long After) : SizeFormula;

    /// <summary>What is missing to the next multiple.</summary>
    public sealed record Missing(SizeFormula Of, long Multiple) : SizeFormula;

    /// <summary>left · right · times / by.</summary>
    public sealed record Product(SizeFormula Left, SizeFormula Right, long Times, long By) : SizeFormula;

    /// <summary>left − right + more.</summary>
    public sealed record Difference(SizeFormula Left, SizeFormula Right, long More) : SizeFormula;

    /// <summary>max(0, least − of).</summary>
    public sealed record Lack(SizeFormula Of, long Least) : SizeFormula;
}

/// <summary>
/// Finds formulas for numbers that were seen for several sizes of the picture: the simplest that gives all of them. Five sizes, of
/// different sides and remainders, leave little room for chance; that a formula holds for others, the comparison with libtorch shows.
/// </summary>
/// <param name="multiple">The network's size multiple: the first divisor to try.</param>
internal sealed class SizeFormulas(int multiple)
{
    /// <summary>Formulas of several parts are made of these many first sides; nearly all follow from the picture's.</summary>
    private const int MostSides = 64;

    private readonly List<(SizeVector Vector, SizeFormula.Side Side)> _sides = [];
    private readonly Dictionary<SizeVector, SizeFormula> _found = [];
    private readonly long[] _divisors = [.. new long[] { multiple, 32, 16, 8, 4, 2 }.Where(divisor => divisor > 1).Distinct()];

    /// <summary>Makes a tensor's sides known. Call it in the graph's order.</summary>
    public void Learn(TracedTensor tensor)
    {
        for (int d = 0; d < tensor.Rank; d++)
        {
            var vector = tensor.Shape[d];
            if (!vector.IsConstant && _sides.All(known => !known.Vector.Equals(vector)))
                _sides.Add((vector, new SizeFormula.Side(tensor, d)));
        }
    }

    /// <summary>Null where there is none.</summary>
    public SizeFormula? Find(SizeVector vector)
    {
        if (vector.IsConstant)
            return new SizeFormula.Number(vector.Values[0]);
        if (_found.TryGetValue(vector, out var known))
            return known;
        var sides = _sides.Take(MostSides).ToArray();
        var found = _sides.Where(side => side.Vector.Equals(vector)).Select(side => (SizeFormula)side.Side).FirstOrDefault()
            ?? First(sides, side => Straight(vector, side))
            ?? First(sides, side => First(_divisors, divisor => Missing(vector, side, divisor)))
            ?? First(sides, side => Lack(vector, side))
            ?? First(sides, side => First(_divisors, divisor => Stepped(vector, side, divisor)))
            ?? First(sides, left => First(sides, right => Product(vector, left, right)))
            ?? First(sides, left => First(sides, right => Difference(vector, left, right)));
        if (found is not null)
            _found[vector] = found;
        return found;
    }

    /// <summary>
    /// A part that fills another up to a size that is there before it: better than what <see cref="Find"/> guesses, for such parts are 0 or
    /// 1, and many formulas give these.
    /// </summary>
    public SizeFormula? FindRest(SizeVector vector, SizeVector whole, SizeVector part)
    {
        if (vector.IsConstant || _sides.Where(side => side.Vector.Equals(whole)).Select(side => side.Side).FirstOrDefault() is not { } left
            || _sides.Where(side => side.Vector.Equals(part)).Select(side => side.Side).FirstOrDefault() is not { } right)
            return Find(vector);
        return Difference(vector, (whole, left), (part, right)) ?? Find(vector);
    }

    private static SizeFormula.Line? Straight(SizeVector vector, (SizeVector Vector, SizeFormula.Side Side) side)
        => Fit(vector.Values, side.Vector.Values) is var (times, before, by)
            ? new SizeFormula.Line(side.Side, times, before, by, 1, 0)
            : null;

    private static SizeFormula.Missing? Missing(SizeVector vector, (SizeVector Vector, SizeFormula.Side Side) side, long divisor)
        => vector.Values.Zip(side.Vector.Values, (value, size) => value == (divisor - (size % divisor)) % divisor).All(same => same)
            ? new SizeFormula.Missing(side.Side, divisor) : null;

    private static SizeFormula.Lack? Lack(SizeVector vector, (SizeVector Vector, SizeFormula.Side Side) side)
    {
        int at = Array.FindIndex(vector.Values, value => value > 0);
        long least = at < 0 ? 0 : vector.Values[at] + side.Vector.Values[at];
        return vector.Values.Zip(side.Vector.Values, (value, size) => value == Math.Max(0, least - size)).All(same => same)
            ? new SizeFormula.Lack(side.Side, least) : null;
    }

    private static SizeFormula.Line? Stepped(SizeVector vector, (SizeVector Vector, SizeFormula.Side Side) side, long divisor)
    {
        foreach (long before in Enumerable.Range(0, (int)(2 * divisor) - 1).Select(k => k % 2 == 0 ? -k / 2L : (k + 1) / 2L))
        {
            long[] steps = [.. side.Vector.Values.Select(size => (long)Math.Floor((size + before) / (double)divisor))];
            if (steps.All(step => step >= 0) && Fit(vector.Values, steps) is var (times, after, by) && by == 1)
                return new SizeFormula.Line(side.Side, 1, before, divisor, times, after);
        }

        return null;
    }

    private static SizeFormula.Product? Product(
        SizeVector vector, (SizeVector Vector, SizeFormula.Side Side) left, (SizeVector Vector, SizeFormula.Side Side) right)
    {
        long[] products = [.. left.Vector.Values.Zip(right.Vector.Values, (a, b) => a * b)];
        return Fit(vector.Values, products) is var (times, before, by) && before == 0
            ? new SizeFormula.Product(left.Side, right.Side, times, by)
            : null;
    }

    private static SizeFormula.Difference? Difference(
        SizeVector vector, (SizeVector Vector, SizeFormula.Side Side) left, (SizeVector Vector, SizeFormula.Side Side) right)
    {
        var rest = vector - (left.Vector - right.Vector);
        return rest.IsConstant ? new SizeFormula.Difference(left.Side, right.Side, rest.Values[0]) : null;
    }

    /// <summary>
    /// times, before, by with value · by = size · times + before for all, in lowest terms and rising; null where there are none.
    /// </summary>
    private static (long Times, long Before, long By)? Fit(long[] values, long[] sizes)
    {
        int other = Array.FindIndex(sizes, size => size != sizes[0]);
        if (other < 0)
            return null;
        long rise = values[other] - values[0], run = sizes[other] - sizes[0];
        if (run < 0)
            (rise, run) = (-rise, -run);
        if (rise <= 0)
            return null;
        long common = Gcd(rise, run);
        (rise, run) = (rise / common, run / common);
        long before = (values[0] * run) - (sizes[0] * rise);
        return values.Zip(sizes, (value, size) => value * run == (size * rise) + before).All(same => same) ? (rise, before, run) : null;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    private static SizeFormula? First<T>(IEnumerable<T> all, Func<T, SizeFormula?> look)
        => all.Select(look).FirstOrDefault(found => found is not null);
}
