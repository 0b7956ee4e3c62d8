using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Tests.Codecs;

/// <summary>A theory that needs a program on PATH; skipped, with the reason, on machines without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(string tool)
    {
        Tool = tool;
        Skip = ProgramFinder.Find(tool) is null ? $"needs {tool} on PATH" : null!; // null, which xunit takes as "run it", is the point
    }

    public string Tool { get; }
}
