using System.Globalization;

namespace Unpress.Cli;

/// <summary>Numbers of things as words.</summary>
internal static class CountText
{
    public static string Pictures(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "picture" : "pictures")}");
}
