namespace Unpress.Recipes;

/// <summary>How the learning rate changes over the run.</summary>
public enum ScheduleType
{
    Constant,

    /// <summary>Multiplied by gamma at each milestone.</summary>
    MultiStep,

    /// <summary>Half a cosine from the highest to the floor.</summary>
    Cosine,
}
