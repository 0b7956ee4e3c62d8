using System.CommandLine;
using System.CommandLine.Invocation;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Networks.Export;
using Unpress.Onnx;
using Unpress.Recipes;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Cli;

/// <summary>Runs a parsed command line and turns what went wrong into one line, of a recipe one a fault, and an exit code.</summary>
public static class Invocation
{
    /// <returns>The command's own code, or one of <see cref="ExitCodes"/>.</returns>
    public static int Run(ParseResult parsed, InvocationConfiguration? configuration = null, CancellationToken cancellation = default)
    {
        configuration ??= new InvocationConfiguration();
        configuration.EnableDefaultExceptionHandler = false;
        configuration.ProcessTerminationTimeout = null; // signals are the business of Interruption
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
                configuration.Error.WriteLine($"unpress: {message}");
            configuration.Error.WriteLine($"unpress: see  {CommandPath(parsed.CommandResult.Command)} --help");
            return ExitCodes.Usage;
        }

        try
        {
            return parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (Exception thrown) when (Known(thrown) is { } problem)
        {
            int code = CodeOf(problem)!.Value;
            if (code == ExitCodes.Cancelled)
                return code;
            IReadOnlyList<string> lines = problem is RecipeException recipe ? recipe.Faults : [problem.Message];
            foreach (string line in lines)
                configuration.Error.WriteLine($"unpress: {line.ReplaceLineEndings(" ")}");
            return code;
        }
    }

    // The outermost problem we know: it names the file, its causes do not, and wrappers such as AggregateException say nothing.
    private static Exception? Known(Exception? problem)
    {
        while (problem is not null && CodeOf(problem) is null)
            problem = problem.InnerException;
        return problem;
    }

    // Anything else is a defect of ours: its stack trace is what we need to see.
    private static int? CodeOf(Exception problem) => problem switch
    {
        OperationCanceledException => ExitCodes.Cancelled,
        MissingToolException or DllNotFoundException => ExitCodes.Environment,
        InvalidFileException or OnnxFileException or ModelException or ExportException or WeightsFormatException or TrainingException
            or IOException or UnauthorizedAccessException => ExitCodes.SomeInputsFailed,
        ArgumentException or RecipeException => ExitCodes.Usage,
        _ => null,
    };

    private static string CommandPath(Command command)
    {
        string name = command.Name;
        for (Command? parent = Parent(command); parent is not null; parent = Parent(parent))
            name = $"{parent.Name} {name}";
        return name;
    }

    private static Command? Parent(Command command) => command.Parents.OfType<Command>().FirstOrDefault();
}

/// <summary>What the program's exit code says to scripts; the same list is in README.md.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Some inputs failed; the others are done.</summary>
    public const int SomeInputsFailed = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;

    /// <summary>This machine lacks something: a library, a model, memory.</summary>
    public const int Environment = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 143;
}
