namespace Unpress.Studio.Tests.Browser;

/// <summary>Needs Debian's chromium.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    /// <summary>A package onnxruntime-web of npm, for tests of the page that needs no server.</summary>
    public const string RuntimeVariable = "UNPRESS_TEST_WEB_RUNTIME";

    /// <param name="runtime">Whether it needs that package, too.</param>
    public ChromiumFactAttribute(bool runtime = false)
    {
        Skip = Missing(runtime);
    }

    /// <summary>Why such a test cannot run here; null where it can.</summary>
    public static string? Missing(bool runtime) => Chromium is null ? "there is no chromium here (apt-get install chromium)"
        : runtime && Runtime is null ? $"{RuntimeVariable} names no file: the package that 'unpress export --web' fetches"
        : null;

    public static string? Chromium { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);

    public static string? Runtime { get; } = Environment.GetEnvironmentVariable(RuntimeVariable) is { } file && File.Exists(file) ? file : null;
}

/// <summary>The same for a test with several cases.</summary>
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    /// <param name="runtime">Whether it needs that package, too.</param>
    public ChromiumTheoryAttribute(bool runtime = false)
    {
        Skip = ChromiumFactAttribute.Missing(runtime);
    }
}
