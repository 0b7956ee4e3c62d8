namespace Unpress.Lab.Reports.Tables;

internal enum RowKind
{
    /// <summary>Pictures that nothing enhanced.</summary>
    Compressed,

    /// <summary>Measured by this run.</summary>
    Measured,

    /// <summary>Printed by a paper.</summary>
    Published,
}
