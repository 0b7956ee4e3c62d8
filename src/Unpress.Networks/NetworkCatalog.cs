namespace Unpress.Networks;

/// <summary>All networks. A new one is a file in Zoo/ and one line here.</summary>
public static class NetworkCatalog
{
    public static IReadOnlyList<NetworkEntry> All { get; } =
    [
        UnpressNet.Entry,
        UnpressNaf.Entry,
        ArCnn.Entry,
        DnCnn.Entry,
        Fbcnn.Entry,
        MsrResNet.Entry,
        RrdbNet.EsrganEntry,
        RrdbNet.RealEsrganEntry,
        Iegan.Entry,
        Dcad.Entry,
        Mwcnn.Entry,
        Rdn.Entry,
        Rnan.Entry,
        CbdNet.Entry,
        Rbqe.Entry,
        MprNet.Entry,
        Qgac.Entry,
        Dmcnn.Entry,
        Ddcn.Entry,
        D3.Entry,
        Tnrd.Entry,
        Daqe.Entry,
        SwinIr.Entry,
        Ipt.Entry,
        OneToMany.Entry,
        Dagn.Entry,
        DagnAutoEncoder.Entry,
        FeatureEncoder.Entry,
        Gated.Entry,
    ];

    /// <exception cref="ArgumentException">No such network; the message lists the names.</exception>
    public static NetworkEntry Find(string name) => ByName.Find(All, "network", name, entry => entry.Name);
}
