namespace Unpress.Recipes;

/// <summary>Options that can say what is wrong with them, all faults at once.</summary>
public interface IHasFaults
{
    /// <summary>One line a fault, "member is value, must be …"; empty when all is well.</summary>
    IEnumerable<string> Faults();
}
