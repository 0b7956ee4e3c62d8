using System.Text.RegularExpressions;

namespace Unpress.Networks;

/// <summary>Names that earlier releases give to the tensors of <see cref="RrdbNet"/>.</summary>
internal static partial class RrdbNetNames
{
    private static readonly Dictionary<string, string> Convolutions = new(StringComparer.Ordinal)
    {
        // xinntao/ESRGAN and KAIR
        ["trunk_conv"] = "conv_body",
        ["upconv1"] = "conv_up1",
        ["upconv2"] = "conv_up2",
        ["HRconv"] = "conv_hr",
        // the first files, of one long torch.nn.Sequential; the prefix "model." may be gone already
        ["0"] = "conv_first",
        ["3"] = "conv_up1",
        ["6"] = "conv_up2",
        ["8"] = "conv_hr",
        ["10"] = "conv_last",
    };

    /// <summary>Our name for a tensor of an ESRGAN file of any age; names that are ours, and unknown ones, stay.</summary>
    public static string ToOurs(string name)
    {
        var parts = Old().Match(name);
        if (!parts.Success)
            return name;
        string last = parts.Groups["last"].Value;
        if (parts.Groups["dense"].Success)
            return $"body.{parts.Groups["block"].Value}.rdb{parts.Groups["dense"].Value}.conv{parts.Groups["conv"].Value}.{last}";
        if (parts.Groups["after"].Success)
            return "conv_body." + last;
        return Convolutions.TryGetValue(parts.Groups["plain"].Value, out string? ours) ? $"{ours}.{last}" : name;
    }

    [GeneratedRegex(@"^(model\.)?((RRDB_trunk|1\.sub)\.(?<block>\d+)\.RDB(?<dense>[123])\.conv(?<conv>[1-5])(\.0)?|1\.sub\.(?<after>\d+)|(?<plain>\w+))\.(?<last>weight|bias)$")]
    private static partial Regex Old();
}
