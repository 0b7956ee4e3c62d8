using Unpress.Networks;

namespace Unpress.Losses;

/// <summary>What a network must be able to do for terms that show it more than compressed pictures.</summary>
internal static class SecondPass
{
    public static IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network.Facts.Needs.HasFlag(Knowledge.Jpeg))
            yield return "shows the network its own output or a raw picture, but this one needs the coefficients of a JPEG file";
    }
}
