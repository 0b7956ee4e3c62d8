using System.CommandLine;
using Unpress.Models;

namespace Unpress.Cli;

/// <summary><c>--facts</c>: what an ONNX file of others does not tell of itself.</summary>
internal static class FactsOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--facts")
        {
            Description =
                "Facts that an .onnx file of another project does not contain: 'range=0..255, layout=nhwc, colours=bgr, receptive-field=32, size-multiple=8'.",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && FactText.Fault(text) is { } wrong)
                result.AddError(wrong);
        });
        return option;
    }

    /// <summary>Those given on the command line, by their keys.</summary>
    public static IReadOnlyDictionary<string, string> Facts(this ParseResult parsed, Option<string> option) => FactText.Parse(parsed.GetValue(option));
}
