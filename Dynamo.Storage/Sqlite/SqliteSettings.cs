namespace Dynamo.Storage.Sqlite;

/// <param name="DataDir">The store's folder.</param>
/// <param name="SyncsCommits">A write is acknowledged after it is on disk.</param>
/// <param name="CommitWrites">A transaction with this many writes takes no more.</param>
/// <param name="CommitBytes">A transaction with this many bytes of keys and values takes no more.</param>
/// <param name="QueueWrites">Maximum number of writes that wait for a transaction; more are refused.</param>
/// <param name="QueueBytes">Maximum bytes of keys and values that wait; more are refused.</param>
public sealed record SqliteSettings(string DataDir, bool SyncsCommits, int CommitWrites, int CommitBytes, int QueueWrites, long QueueBytes);
