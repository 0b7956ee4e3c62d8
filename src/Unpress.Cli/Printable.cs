namespace Unpress.Cli;

/// <summary>Names and values out of files, which may hold terminal codes, for a terminal.</summary>
internal static class Printable
{
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
