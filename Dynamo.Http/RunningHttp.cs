namespace Dynamo.Http;

/// <summary>The node's HTTP; a singleton of its program's services.</summary>
public sealed class RunningHttp
{
    internal RunningHttp()
    {
    }

    /// <summary>The address as http://host:port; null until HTTP is up.</summary>
    public string? Address { get; internal set; }
}
