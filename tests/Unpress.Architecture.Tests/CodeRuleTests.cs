using System.Text.RegularExpressions;

namespace Unpress.Architecture.Tests;

/// <summary>House rules that a machine can check. Each failure names file and line.</summary>
public class CodeRuleTests
{
    private const int LongestFile = 500;
    private const int LongestLine = 160, MostBesideText = 80;

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

    [Fact]
    public void No_line_is_longer_than_a_screen_unless_one_text_makes_it_so() =>
        Assert.Empty(SourceTree.Files(".cs").SelectMany(file => LongLines(SourceTree.Lines(file)).Select(line => $"{file}:{line}")));

    [Fact]
    public void Long_lines_are_recognised()
    {
        string code = new('c', LongestLine + 1), text = new('t', LongestLine);
        Assert.Equal(["2: 161 characters"], LongLines(["short", code, $"a(\"{text}\")", "\"\"\"", code, "\"\"\""]));
    }

    [Theory]
    [InlineData("[Library" + "Import(Library)]", true)]
    [InlineData("    [Dll" + "Import(\"c\", SetLastError = true)]", true)]
    [InlineData("// a LibraryImport is a P/Invoke", false)]
    public void Native_imports_are_recognised(string line, bool expected) => Assert.Equal(expected, NativeImport.IsMatch(line));

    /// <summary>Lines of text in a raw literal are as long as the text is; so are lines that one text in quotation marks fills.</summary>
    private static IEnumerable<string> LongLines(string[] lines)
    {
        bool isText = false;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            bool wasText = isText;
            isText ^= line.Split("\"\"\"").Length % 2 == 0;
            int first = line.IndexOf('"', StringComparison.Ordinal), last = line.LastIndexOf('"');
            int besideText = line.Length - (last > first ? last - first + 1 : 0);
            if (line.Length > LongestLine && !wasText && besideText > MostBesideText)
                yield return $"{i + 1}: {line.Length} characters";
        }
    }

    private static bool IsNative(string file) => Path.GetFileNameWithoutExtension(file).StartsWith("Native", StringComparison.Ordinal);

    private static IEnumerable<string> LinesThat(Regex pattern, IEnumerable<string> files) =>
        from file in files
        from line in SourceTree.Lines(file).Select((text, index) => (text, number: index + 1))
        where pattern.IsMatch(line.text)
        select $"{file}:{line.number}: {line.text.Trim()}";
}
