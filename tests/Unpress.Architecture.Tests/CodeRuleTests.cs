using System.Text.RegularExpressions;

namespace Unpress.Architecture.Tests;

/// <summary>House rules that a machine can check. Each failure names file and line.</summary>
public class CodeRuleTests
{
    private const int LongestFile = 500;

    // Spelt so that this file does not break its own rule.
    private static readonly Regex Unfinished = new(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b|NotImplemented" + "Exception");
    private static readonly Regex NativeImport = new(@"\[\s*(Dll|Library)Import\b");

    [Fact]
    public void Only_files_named_Native_touch_native_code() =>
        Assert.Empty(LinesThat(NativeImport, SourceTree.Files(".cs").Where(file => !IsNative(file))));

    [Fact]
    public void Nothing_is_left_unfinished() =>
        Assert.Empty(LinesThat(Unfinished, SourceTree.Files(".cs", ".cpp", ".h", ".sh", ".cmake")));

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold() =>
        Assert.Empty(
            from file in SourceTree.Files(".cs", ".cpp", ".h", ".sh")
            let lines = SourceTree.Lines(file).Length
            where lines > LongestFile
            select $"{file}: {lines} lines, more than {LongestFile}");

    [Theory]
    [InlineData("[Library" + "Import(Library)]", true)]
    [InlineData("    [Dll" + "Import(\"c\", SetLastError = true)]", true)]
    [InlineData("// a LibraryImport is a P/Invoke", false)]
    public void Native_imports_are_recognised(string line, bool expected) => Assert.Equal(expected, NativeImport.IsMatch(line));

    private static bool IsNative(string file) => Path.GetFileNameWithoutExtension(file).StartsWith("Native", StringComparison.Ordinal);

    private static IEnumerable<string> LinesThat(Regex pattern, IEnumerable<string> files) =>
        from file in files
        from line in SourceTree.Lines(file).Select((text, index) => (text, number: index + 1))
        where pattern.IsMatch(line.text)
        select $"{file}:{line.number}: {line.text.Trim()}";
}
