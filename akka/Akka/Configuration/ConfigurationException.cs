using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A configuration that cannot be read, or a value in it that cannot be used.</summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception exception)
        : base(message, exception)
    {
    }

    public static ConfigurationException NullOrEmptyConfig<T>(string? path = null) =>
        new($"Failed to create {typeof(T)}: {(string.IsNullOrWhiteSpace(path) ? "its configuration" : $"the configuration '{path}'")} is missing or empty.");
}
