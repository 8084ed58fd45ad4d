using Dynamo.Storage.Sqlite;

namespace Dynamo.Storage;

/// <param name="Engine">`sqlite` or `memory`.</param>
/// <param name="Sqlite">Of no use to an engine in memory.</param>
public sealed record StorageSettings(string Engine, SqliteSettings Sqlite);
