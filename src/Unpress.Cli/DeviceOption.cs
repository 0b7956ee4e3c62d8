using System.CommandLine;
using Unpress.Models;

namespace Unpress.Cli;

/// <summary><c>--device</c> of commands that measure: the processor unless said otherwise, so that figures do not depend on the machine.</summary>
internal static class DeviceOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--device")
        {
            Description = "Device to compute on; auto takes a graphics card if one works.",
            DefaultValueFactory = _ => OnnxDevice.Cpu,
        };
        option.AcceptOnlyFromAmong([.. OnnxDevice.All]);
        return option;
    }
}
