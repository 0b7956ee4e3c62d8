using System.Text.Json;
using System.Text.RegularExpressions;

namespace Unpress.Architecture.Tests;

/// <summary>What eng/package would only find out after minutes of building.</summary>
public class PackageTests
{
    private static readonly string Script = File.ReadAllText(RepoPaths.Combine("eng", "package"));

    private static readonly string Folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string[] Systems => Regex.Match(Script, @"^systems=\((.*)\)$", RegexOptions.Multiline).Groups[1].Value.Split(' ');

    /// <summary>Every package of the program, tools of the build left out: name in small letters, version.</summary>
    public static TheoryData<string, string> Packages
    {
        get
        {
            var packages = new TheoryData<string, string>();
            using var file = JsonDocument.Parse(File.ReadAllText(RepoPaths.Combine("src", "Unpress.Cli", "packages.lock.json")));
            foreach (var package in file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject()))
                if (package.Value.TryGetProperty("resolved", out var version))
                    packages.Add(package.Name.ToLowerInvariant(), version.GetString()!);
            return packages;
        }
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_package_has_a_licence_whose_text_is_at_hand(string name, string version)
    {
        string home = Path.Combine(Folder, name, version);
        string expression = Regex.Match(File.ReadAllText(Path.Combine(home, $"{name}.nuspec")), @"<license type=""expression"">(.*)</license>").Groups[1].Value;
        Assert.True(
            Directory.EnumerateFiles(home).Any(file => Regex.IsMatch(Path.GetFileName(file), "^licen[cs]e", RegexOptions.IgnoreCase))
                || File.Exists(RepoPaths.Combine("eng", "licences", $"{expression}.txt")),
            $"neither {home} nor eng/licences holds the text of its licence '{expression}'");
    }

    [Fact]
    public void Every_system_has_its_libvips_and_its_tool()
    {
        Assert.NotEmpty(Systems);
        string pictures = File.ReadAllText(RepoPaths.Combine("src", "Unpress.Imaging", "Unpress.Imaging.csproj"));
        Assert.All(Systems, system => Assert.Contains($"\"NetVips.Native.{system}\"", pictures, StringComparison.Ordinal));
        Assert.Contains(
            $"<ToolPackageRuntimeIdentifiers>{string.Join(';', Systems)}<", File.ReadAllText(RepoPaths.Combine("src", "Unpress.Cli", "Unpress.Cli.csproj")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_model_is_there_to_be_packed()
        => Assert.True(File.Exists(RepoPaths.Combine("models", "photo.onnx")), "models/photo.onnx is missing: eng/package packs what is in models/");
}
