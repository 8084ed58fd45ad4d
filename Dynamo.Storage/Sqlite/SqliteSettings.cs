namespace Dynamo.Storage.Sqlite;

/// <param name="DataDir">The store's folder.</param>
/// <param name="SyncsCommits">A write is acknowledged after it is on disk.</param>
/// <param name="CommitWrites">Writes from which a transaction takes no more in.</param>
/// <param name="CommitBytes">Bytes of keys and values from which it takes no more in.</param>
/// <param name="QueueWrites">Writes that may wait for a transaction; beyond it they are refused.</param>
/// <param name="QueueBytes">The same for their bytes of keys and values.</param>
public sealed record SqliteSettings(string DataDir, bool SyncsCommits, int CommitWrites, int CommitBytes, int QueueWrites, long QueueBytes);
