using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Unpress.Studio.Pages;

namespace Unpress.Studio.Tests.Pages;

/// <summary>The page that is committed is the one that its sources give.</summary>
public sealed class BundleTests
{
    private static readonly string Web = RepoPaths.Combine("src", "Unpress.Studio", "web");

    [Fact]
    public void It_was_built_of_the_present_sources()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> sources = new[] { "src", "public" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Web, folder)).Select(file => $"{folder}/{Path.GetFileName(file)}"))
            .Concat(["build.mjs", "openapi.json", "package.json", "package-lock.json"]).Order(StringComparer.Ordinal);
        foreach (string file in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(File.ReadAllBytes(Path.Combine(Web, file)));
        }

        var built = WebFiles.All.Single(file => file.Path == "built-from.json");
        using var record = JsonDocument.Parse(built.Bytes);
        Assert.True(
            record.RootElement.GetProperty("sources").GetString() == Convert.ToHexStringLower(hash.GetHashAndReset()),
            "wwwroot is not built of the present sources: run 'npm ci && npm run build' in src/Unpress.Studio/web");
    }

    [NodeFact]
    public void Building_it_again_gives_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("studio-web-");
        try
        {
            using var build = Process.Start(new ProcessStartInfo("node", ["build.mjs", folder.FullName]) { WorkingDirectory = Web })!;
            build.WaitForExit();
            Assert.Equal(0, build.ExitCode);
            string[] names = [.. Directory.EnumerateFiles(folder.FullName).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
            Assert.Equal(WebFiles.All.Select(file => file.Path).Order(StringComparer.Ordinal), names);
            Assert.All(WebFiles.All, file => Assert
                .True(file.Bytes.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder.FullName, file.Path))), file.Path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [NodeFact]
    public void Its_types_are_right()
    {
        using var check = Process.Start(new ProcessStartInfo("node", ["node_modules/typescript/bin/tsc", "--noEmit"]) { WorkingDirectory = Web })!;
        check.WaitForExit();
        Assert.Equal(0, check.ExitCode);
    }

    [Fact]
    public void It_is_small()
    {
        string[] first = ["index.html", "app.js", "app.css", "icon.svg", "sample-before.jpg", "sample-after.webp"];
        int bytes = WebFiles.All.Where(file => first.Contains(file.Path)).Sum(file => (file.Zipped ?? file.Bytes).Length);
        Assert.InRange(bytes, 10_000, 150_000);
    }

    [Fact]
    public void It_names_no_other_place_of_the_web()
    {
        var address = new Regex(@"https?://(?!www\.w3\.org/)[^\s""'`]+|(?<=[""'(])//\w[^\s""']*");
        Assert.All(
            WebFiles.All.Where(file => file.Zipped is not null),
            file => Assert.Empty(address.Matches(Encoding.UTF8.GetString(file.Bytes)).Select(match => $"{file.Path}: {match.Value}")));
    }
}

/// <summary>Needs Node, and what `npm ci` fetches.</summary>
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        bool node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node")));
        if (!node)
            Skip = "there is no Node here";
        else if (!Directory.Exists(RepoPaths.Combine("src", "Unpress.Studio", "web", "node_modules")))
            Skip = "run 'npm ci' in src/Unpress.Studio/web first";
    }
}
