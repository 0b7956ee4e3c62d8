using System.Text;
using System.Text.RegularExpressions;

namespace Unpress.Files;

/// <summary>Which of the pictures in folders are meant: all that a pattern of the first list fits, without those of the second.</summary>
/// <param name="include">Empty for all.</param>
public sealed class InputSelection(IReadOnlyList<Glob> include, IReadOnlyList<Glob> exclude)
{
    public static readonly InputSelection All = new([], []);

    /// <summary>True where nothing is left out.</summary>
    public bool IsAll => include.Count == 0 && exclude.Count == 0;

    /// <param name="relative">Below the folder that was given.</param>
    public bool Takes(string relative) => (include.Count == 0 || include.Any(glob => glob.Fits(relative))) && !exclude.Any(glob => glob.Fits(relative));

    /// <summary>False for a folder that is left out with all below it.</summary>
    public bool Enters(string relative) => !exclude.Any(glob => glob.Fits(relative));
}

/// <summary>
/// A pattern of paths: * stands for any characters within a name, ? for one, ** for any folders, {a,b} for one of several. Without a slash it is one
/// of names, in any folder. Large and small letters are the same: cameras write both IMG.JPG and img.jpg.
/// </summary>
public sealed class Glob
{
    private readonly Regex _regex;
    private readonly bool _ofNames;

    /// <exception cref="ArgumentException">Empty, or a brace without its other half.</exception>
    public Glob(string pattern)
    {
        pattern = pattern.Replace('\\', '/').TrimEnd('/');
        if (pattern.Length == 0)
            throw new ArgumentException("an empty pattern fits nothing");
        _ofNames = !pattern.Contains('/', StringComparison.Ordinal);
        _regex = new Regex(Translated(pattern.TrimStart('/')), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <param name="relative">A path from the folder that was given.</param>
    public bool Fits(string relative) => _regex.IsMatch(_ofNames ? Path.GetFileName(relative) : relative.Replace('\\', '/'));

    private static string Translated(string pattern)
    {
        var text = new StringBuilder(@"\A");
        bool choice = false;
        for (int k = 0; k < pattern.Length; k++)
        {
            if (pattern[k] == '*' && k + 1 < pattern.Length && pattern[k + 1] == '*')
            {
                // "**/" may stand for no folder at all.
                bool folders = k + 2 < pattern.Length && pattern[k + 2] == '/';
                text.Append(folders ? "(?:.*/)?" : ".*");
                k += folders ? 2 : 1;
                continue;
            }

            switch (pattern[k])
            {
                case '*':
                    text.Append("[^/]*");
                    break;
                case '?':
                    text.Append("[^/]");
                    break;
                case '{' when !choice:
                    text.Append("(?:");
                    choice = true;
                    break;
                case '}' when choice:
                    text.Append(')');
                    choice = false;
                    break;
                case ',' when choice:
                    text.Append('|');
                    break;
                case '{' or '}':
                    throw new ArgumentException($"'{pattern}': a brace without its other half, or one within another");
                default:
                    text.Append(Regex.Escape(pattern[k].ToString()));
                    break;
            }
        }

        return choice ? throw new ArgumentException($"'{pattern}': a brace without its other half") : text.Append(@"\z").ToString();
    }
}
