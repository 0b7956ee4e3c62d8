namespace Unpress.Imaging.Metadata;

/// <summary>What the numbers of the pixels mean, by the tables of ITU-T H.273: nclx in AVIF and HEIC, cICP in PNG.</summary>
/// <param name="Primaries">1 for those of sRGB, 9 for BT.2020, 12 for P3, 2 for unknown.</param>
/// <param name="Transfer">13 for the curve of sRGB, 16 for PQ, 18 for HLG, 8 for linear light, 2 for unknown.</param>
public readonly record struct ColourCode(int Primaries, int Transfer)
{
    /// <summary>What a picture without any description is taken for. The curves of video are shown as that of sRGB.</summary>
    public bool IsUsual => Primaries is 1 or 2 && Transfer is 1 or 2 or 6 or 13 or 14 or 15;

    /// <summary>"P3, PQ".</summary>
    public override string ToString()
    {
        string primaries = Primaries switch { 1 => "sRGB", 9 => "BT.2020", 11 or 12 => "P3", _ => $"primaries {Primaries}" };
        string transfer = Transfer switch { 1 or 6 or 13 => "sRGB", 8 => "linear", 16 => "PQ", 18 => "HLG", _ => $"transfer {Transfer}" };
        return primaries == transfer ? primaries : $"{primaries}, {transfer}";
    }
}
