namespace Dynamo.Core.Tests;

/// <summary>Runs a check over many seeds; a failure names its seed, which alone reproduces it.</summary>
internal static class Seeds
{
    public static void Run(int count, Action<Random> check)
    {
        for (var seed = 1; seed <= count; seed++)
        {
            try
            {
                check(new Random(seed));
            }
            catch (Exception e)
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}: {e.Message}\n{e.StackTrace}");
            }
        }
    }
}
