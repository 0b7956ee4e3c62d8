namespace Unpress.Losses;

/// <summary>The distances that terms can measure with: one line each.</summary>
public static class DistanceList
{
    public static IDistance Create(DistanceKind kind) => kind switch
    {
        DistanceKind.L2 => new L2Distance(),
        _ => new L1Distance(),
    };
}
