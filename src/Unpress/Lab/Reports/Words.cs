using System.Globalization;

namespace Unpress.Lab.Reports;

/// <summary>What a report calls things.</summary>
internal static class Words
{
    /// <summary>Such as "QF 10".</summary>
    public static string Setting(LabRun run, string codec, int? setting)
    {
        if (setting is null)
            return codec;
        string name = run.Facts.Codecs.FirstOrDefault(one => one.Name == codec)?.QualityName.Split(" (")[0] ?? codec;
        return $"{name} {setting.Value.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Such as "29 gray pictures".</summary>
    public static string Pictures(LabRun run, string set)
    {
        int count = run.Facts.Sets.FirstOrDefault(one => one.Name == set)?.Pictures.Count ?? 0;
        return $"{count.ToString(CultureInfo.InvariantCulture)}{(run.Gray ? " gray" : "")} {(count == 1 ? "picture" : "pictures")}";
    }

    /// <summary>Lower-case letters, digits and dashes.</summary>
    public static string Id(params IEnumerable<string> parts) =>
        string.Concat(string.Join('-', parts).ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    /// <summary>Such as "2026-11-21 08:15 UTC".</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
