using System.Globalization;
using System.Text.RegularExpressions;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Tests.Codecs.Hevc;

/// <summary>The syntax elements of a stream as ffmpeg's trace_headers filter reads them: an opinion other than our own.</summary>
internal static partial class HevcHeaders
{
    /// <summary>The last value of each element, and the numbers of slices and of SEI units under "slice_count" and "sei_count".</summary>
    public static Dictionary<string, int> Read(byte[] stream)
    {
        string[] arguments = ["-f", "hevc", "-i", "pipe:0", "-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"];
        var result = ChildProcess.Start(ProgramFinder.Find("ffmpeg")!, arguments, stream, TimeSpan.FromMinutes(2), CancellationToken.None);
        var values = new Dictionary<string, int>();
        foreach (Match line in Element().Matches(result.Errors))
            values[line.Groups[1].Value] = int.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture);
        values["slice_count"] = UnitTypes(stream).Count(type => type < 32);
        values["sei_count"] = UnitTypes(stream).Count(type => type is 39 or 40);
        return values;
    }

    private static IEnumerable<int> UnitTypes(byte[] stream)
    {
        for (int i = 0; i + 3 < stream.Length; i++)
        {
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1)
                yield return stream[i + 3] >> 1;
        }
    }

    [GeneratedRegex(@"\] \d+\s+(\w+)\s+[01]+ = (-?\d+)")]
    private static partial Regex Element();
}
