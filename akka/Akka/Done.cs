namespace Akka;

/// <summary>What a task returns that has nothing to tell but that it is done.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
