using Dynamo.Http.Documents;

namespace Dynamo.Http.Errors;

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public ProblemException(int status, string detail, string? field = null, string? limit = null)
        : this(Problem.Of(status, detail, field, limit))
    {
    }

    public Problem Problem { get; } = problem;

    /// <summary>A field of the request that is not what is wanted.</summary>
    public static ProblemException Wrong(string field, string given, string wanted) => new(400, $"{field}: '{Short(given)}' is not {wanted}", field, wanted);

    private static string Short(string text) => text.Length <= 100 ? text : $"{text[..100]}…";
}
