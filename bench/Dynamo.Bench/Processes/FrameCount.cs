using System.IO.MemoryMappedFiles;

namespace Dynamo.Bench.Processes;

/// <summary>A process's count of sent frames, in a memory-mapped file of 8 bytes. Counting costs one instruction, and readers need no answer.</summary>
internal sealed unsafe class FrameCount
{
    private readonly long* _sent;

    public FrameCount(string folder, int processId)
    {
        using var file = MemoryMappedFile.CreateFromFile(PathOf(folder, processId), FileMode.Create, mapName: null, sizeof(long));
        byte* start = null;
        // Never released: the view lives as long as the process.
        file.CreateViewAccessor().SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _sent = (long*)start;
    }

    public void Add(long frames) => Interlocked.Add(ref *_sent, frames);

    /// <returns>Null: the process does not count frames.</returns>
    public static long? Read(string folder, int processId)
    {
        var path = PathOf(folder, processId);
        if (!File.Exists(path)) return null;
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        Span<byte> sent = stackalloc byte[sizeof(long)];
        return RandomAccess.Read(file, sent, fileOffset: 0) == sent.Length ? BitConverter.ToInt64(sent) : null;
    }

    private static string PathOf(string folder, int processId) => Path.Combine(folder, $"{processId}");
}
