namespace Unpress.Lab.Recipes;

/// <summary>Who enhances a picture in turn ("Breaking the Multi-Enhancement Bottleneck", section 3).</summary>
public enum CycleCase
{
    /// <summary>Case 1: the same enhancer each time.</summary>
    Same,

    /// <summary>Case 2: enhancers in an order that is drawn.</summary>
    Networks,

    /// <summary>Case 3: the order is drawn, and so are each picture's codec and setting.</summary>
    Everything,
}
