namespace Akka.TestKit;

/// <summary>How a test framework is told that an expectation failed: each method throws then.</summary>
public interface ITestKitAssertions
{
    void Fail(string format = "", params object?[] args);

    void AssertTrue(bool condition, string format = "", params object?[] args);

    void AssertFalse(bool condition, string format = "", params object?[] args);

    void AssertEqual<T>(T expected, T actual, string format = "", params object?[] args);

    void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object?[] args);
}

/// <summary>A kit whose test has no implicit sender: what it tells comes from nobody.</summary>
public interface INoImplicitSender;
