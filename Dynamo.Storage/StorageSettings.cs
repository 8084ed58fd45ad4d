using Dynamo.Storage.Sqlite;

namespace Dynamo.Storage;

/// <param name="Engine">`sqlite` or `memory`.</param>
/// <param name="Sqlite">Ignored by the memory engine.</param>
public sealed record StorageSettings(string Engine, SqliteSettings Sqlite);
