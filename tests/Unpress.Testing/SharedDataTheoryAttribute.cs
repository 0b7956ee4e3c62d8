using Xunit;

namespace Unpress.Testing;

/// <summary>A theory that needs files of <see cref="SharedData"/>; skipped, with the reason, on machines without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    /// <param name="needs">What the test reads, relative to the data folder, such as <c>test/live1</c>; empty for the folder itself.</param>
    public SharedDataTheoryAttribute(string needs = "")
    {
        Needs = needs;
        Skip = SharedData.ReasonToSkip(needs)!; // null, which xunit takes as "run it", is the point
    }

    public string Needs { get; }
}
