namespace Unpress.Networks;

/// <summary>Names that other libraries give to the tensors of <see cref="MsrResNet"/>.</summary>
internal static class MsrResNetNames
{
    private const string Mmedit = "trunk_net.";

    /// <summary>Our name for a tensor of mmedit's; other names stay.</summary>
    public static string ToOurs(string name) => name.StartsWith(Mmedit, StringComparison.Ordinal) ? "body." + name[Mmedit.Length..] : name;
}
