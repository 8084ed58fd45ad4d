using Dynamo.Storage.Memory;

namespace Dynamo.Storage.Tests;

public sealed class MemoryEngineTests() : EngineContract(new MemoryEngine(TheStore))
{
    [Fact]
    public void It_never_claims_to_have_synced()
    {
        Assert.Equal("memory", Engine.Name);
        Assert.False(Engine.IsSynced);
    }
}
