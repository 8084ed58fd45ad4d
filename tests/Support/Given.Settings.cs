using Akka.Configuration;
using Dynamo.Actors.Settings;

namespace Dynamo.Tests.Support;

internal static partial class Given
{
    public static DynamoSettings Settings(string hocon = "", string node = "n1") =>
        DynamoSettings.From(ConfigurationFactory.ParseString($"dynamo.node.name = \"{node}\"\n{hocon}"));
}
