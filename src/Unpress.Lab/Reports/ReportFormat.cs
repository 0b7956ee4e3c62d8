namespace Unpress.Lab.Reports;

/// <summary>What a report can be written as.</summary>
public enum ReportFormat
{
    /// <summary>One page with everything in it, plots and pictures too.</summary>
    Html,

    /// <summary>The tables.</summary>
    Md,

    /// <summary>The tables, for booktabs.</summary>
    Latex,

    /// <summary>All means and degradation indices, one a line.</summary>
    Csv,
}
