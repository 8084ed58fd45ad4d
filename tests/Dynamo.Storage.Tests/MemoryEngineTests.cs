using Dynamo.Storage.Memory;

namespace Dynamo.Storage.Tests;

public sealed class MemoryEngineTests() : EngineContract(new MemoryEngine(TheStore))
{
    [Fact]
    public void It_promises_nothing_of_the_disk()
    {
        Assert.Equal("memory", Engine.Name);
        Assert.False(Engine.IsSynced);
    }
}
