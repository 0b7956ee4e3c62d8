namespace Unpress.Lab.Reports.Tables;

/// <param name="Group">What neighbouring columns have in common, such as "QF 10"; empty for none.</param>
/// <param name="Higher">Whether higher is better; null where neither is.</param>
internal sealed record ReportColumn(string Group, string Name, bool? Higher, int Decimals);
