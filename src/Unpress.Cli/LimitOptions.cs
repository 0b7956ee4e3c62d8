using System.CommandLine;
using System.Globalization;
using Unpress.Imaging;
using Unpress.Imaging.Workers;

namespace Unpress.Cli;

/// <summary><c>--max-pixels</c>: what a picture may claim to be before it is decoded, for every command that reads pictures.</summary>
internal static class LimitOptions
{
    private const string Name = "--max-pixels";

    public static Option<long?> MaxPixels() => new(Name)
    {
        Description = "The largest picture that is read, in pixels, such as 500M; by default 268M.",
        HelpName = "N",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Parse(text) is { } pixels)
                return pixels;
            result.AddError($"{Name} takes a number of pixels, as 500M or 1.5G, not '{text}'");
            return null;
        },
    };

    /// <summary>Adds the option to a command.</summary>
    public static Command WithLimits(this Command command)
    {
        command.Options.Add(MaxPixels());
        return command;
    }

    /// <summary>Sets the limits of what the parsed command is going to do.</summary>
    public static void Apply(ParseResult parsed) => ImageLimits.Use(
        parsed.CommandResult.Command.Options.OfType<Option<long?>>().FirstOrDefault(option => option.Name == Name) is { } option
            && parsed.GetValue(option) is { } most
            ? new ImageLimits { MaxPixels = most }
            : new ImageLimits());

    /// <summary>K, M and G are powers of 1000; null for what is no number of pixels.</summary>
    private static long? Parse(string text)
    {
        int power = text.Length == 0 ? -1 : "KMG".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        bool good = double.TryParse(power < 0 ? text : text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        double pixels = number * Math.Pow(1000, power + 1);
        return good && pixels is >= 1 and <= 1e12 ? (long)pixels : null;
    }
}

/// <summary><c>--isolate</c> and <c>--time-limit</c>: whether pictures are read and written in processes of their own, and how long one may take.</summary>
internal sealed class IsolationOptions
{
    /// <summary>Less than this starts no decoder.</summary>
    private const long LeastMemory = 512L << 20;

    private readonly Option<string> _isolate = new("--isolate")
    {
        Description =
            "Read and write pictures in a second process, so that a file that crashes a decoder costs one picture only; auto does this for several pictures.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<double?> _time = NumberOption.Maybe(
        "--time-limit", "Seconds that one picture may take; without it 600 to be read or to be written by such a process.", 0.001, 1e6);

    public IsolationOptions() => _isolate.AcceptOnlyFromAmong("auto", "on", "off");

    public IEnumerable<Option> Options => [_isolate, _time];

    public TimeSpan? TimeLimit(ParseResult parsed) => parsed.GetValue(_time) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <param name="many">Whether there is more than one picture.</param>
    /// <param name="count">Processes.</param>
    public IPictureFiles Open(ParseResult parsed, bool many, int count, long memory)
    {
        string wish = parsed.GetRequiredValue(_isolate);
        if (wish == "off" || (wish == "auto" && !many) || WorkerOptions.OwnCommand is not { } command)
            return new DirectFiles();
        var workers = new PictureWorkers(new WorkerOptions
        {
            Command = command,
            Count = count,
            Memory = Math.Max(memory, LeastMemory),
            TimeLimit = TimeLimit(parsed) ?? TimeSpan.FromMinutes(10),
        });
        workers.Start();
        return workers;
    }
}
