using System.Collections.Immutable;

namespace Dynamo.Http.Routing;

/// <summary>The names in paths.</summary>
internal static class Names
{
    public static readonly RouteParameter Bucket = new("bucket", ParameterPlace.Path, typeof(string), "The bucket, percent-encoded: 1 to 64 bytes of UTF-8.");

    public static readonly ImmutableArray<RouteParameter> Key =
        [Bucket, new("key", ParameterPlace.Path, typeof(string), "The key: any bytes but zero, percent-encoded (a slash is %2F); from 1 byte to dynamo.limits.key-bytes, 1 KiB.")];
}
