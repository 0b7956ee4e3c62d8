namespace Unpress.Tests.Lab.Reports;

/// <summary>A fact that needs a Chromium; skipped, with the reason, on machines without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = (Chromium.Program is null ? "needs chromium, which is not on this machine" : null)!; // null means "run it"
}
