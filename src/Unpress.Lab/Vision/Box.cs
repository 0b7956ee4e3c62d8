namespace Unpress.Vision;

/// <summary>A rectangle in pixels, edges between pixels: the whole of a picture is (0, 0, width, height).</summary>
public readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public double Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    public double Intersection(Box other) =>
        new Box(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Area;

    /// <summary>Intersection over union, 0..1; 0 where both are empty.</summary>
    public double Overlap(Box other)
    {
        double both = Intersection(other), either = Area + other.Area - both;
        return either > 0 ? both / either : 0;
    }
}
