namespace Unpress.Lab.Reports;

/// <summary>The files that are built into the program for its reports.</summary>
internal static class PageFile
{
    public static string Text(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream($"report/{name}")
            ?? throw new InvalidOperationException($"'{name}' is not built in");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
