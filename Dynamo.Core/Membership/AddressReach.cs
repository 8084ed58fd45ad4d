namespace Dynamo.Core.Membership;

/// <summary>From where an address leads to its node, as far as its text says.</summary>
public enum AddressReach
{
    /// <summary>A host name, which may lead anywhere.</summary>
    Unknown,

    /// <summary>An address of some machine.</summary>
    Machine,

    /// <summary>Only from the node's own machine (127.0.0.1, localhost).</summary>
    Loopback,

    /// <summary>From nowhere: it means all addresses of a machine (0.0.0.0).</summary>
    Any,
}
