using System.Reflection;
using System.Text.RegularExpressions;

namespace Unpress.Torch.Tests;

/// <summary>The C header and its C# twin are two texts of one border.</summary>
public class BridgeTests
{
    private static readonly string Header = File.ReadAllText(RepoPaths.Combine("native", "torch_bridge.h"));

    private static readonly Type Native = typeof(Tensor).Assembly.GetType("Unpress.Torch.Interop.Native", throwOnError: true)!;

    [Fact]
    public void Header_and_imports_name_the_same_functions_with_as_many_arguments()
    {
        var declared = Regex.Matches(Header, @"UT_API [^(]*?(ut_\w+)\(([^)]*)\)")
            .Select(match => $"{match.Groups[1].Value}/{Arity(match.Groups[2].Value)}");
        var imported = Native.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Where(method => method.Name.StartsWith("ut_", StringComparison.Ordinal))
            .Select(method => $"{method.Name}/{method.GetParameters().Length}");
        Assert.Equal(declared.Order(), imported.Order());
        Assert.Contains("ut_op_call/6", declared);
    }

    [Fact]
    public void Tags_have_the_same_numbers_on_both_sides()
    {
        Type tags = typeof(Tensor).Assembly.GetType("Unpress.Torch.Interop.ValueTag", throwOnError: true)!;
        var declared = Regex.Matches(Header, @"UT_(\w+) = (\d+)")
            .Select(match => (Name: match.Groups[1].Value.Replace("_", "", StringComparison.Ordinal).Replace("OPT", "OPTIONAL", StringComparison.Ordinal),
                Value: int.Parse(match.Groups[2].Value)));
        var mirrored = Enum.GetValues(tags).Cast<object>().Select(tag => (Name: tag.ToString()!.ToUpperInvariant(), Value: (int)tag));
        Assert.Equal(declared.OrderBy(tag => tag.Value), mirrored.OrderBy(tag => tag.Value));
    }

    private static int Arity(string parameters) => parameters.Trim() is "void" or "" ? 0 : parameters.Split(',').Length;
}
