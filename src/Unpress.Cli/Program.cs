using System.CommandLine;

namespace Unpress.Cli;

/// <summary>The command line. The program is its list of commands; each lives in its own folder under Commands/.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        var root = new RootCommand("Unpress takes the damage of lossy compression out of pictures.");
        return root.Parse(arguments).Invoke();
    }
}
