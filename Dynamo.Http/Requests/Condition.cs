using Dynamo.Client;
using Dynamo.Http.Answers;
using Dynamo.Http.Errors;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.Requests;

/// <summary>What a write may replace, from its headers.</summary>
/// <param name="IsIfAbsent">Only if the key has no value: If-None-Match: *.</param>
/// <param name="IsIfUnchanged">Only if the context has seen all that the key holds: If-Match.</param>
internal readonly record struct Condition(DynamoContext Context, bool IsIfAbsent, bool IsIfUnchanged)
{
    /// <exception cref="ProblemException">The headers exclude each other, or one is not what is wanted.</exception>
    /// <exception cref="DynamoBadContextException">A context is not base64url text.</exception>
    public static Condition Of(HttpRequest request)
    {
        var context = Header(request, Answer.ContextHeader);
        var ifMatch = Header(request, "If-Match");
        var ifNoneMatch = Header(request, "If-None-Match");
        if (ifNoneMatch.Length > 0)
        {
            if (ifNoneMatch != "*") throw ProblemException.Wrong("If-None-Match", ifNoneMatch, "*, which asks that the key has no value");
            if (ifMatch.Length > 0 || context.Length > 0)
                throw new ProblemException(400, $"If-None-Match: * asks that the key has no value, so there can be neither If-Match nor {Answer.ContextHeader}", "If-None-Match");
            return new Condition(DynamoContext.None, IsIfAbsent: true, IsIfUnchanged: false);
        }
        if (ifMatch.Length == 0) return new Condition(DynamoContext.Parse(context), false, false);
        if (ifMatch is not ['"', .. var tag, '"'] || tag.Length == 0 || tag.Contains('"'))
            throw ProblemException.Wrong("If-Match", ifMatch, "one context in double quotes, as the ETag of a get or a put has it");
        if (context.Length > 0 && context != tag) throw new ProblemException(400, $"If-Match and {Answer.ContextHeader} name two contexts: give one", "If-Match");
        return new Condition(DynamoContext.Parse(tag), IsIfAbsent: false, IsIfUnchanged: true);
    }

    /// <summary>True when a reader already has what the key holds.</summary>
    public static bool IsKnown(HttpRequest request, DynamoContext context) => Header(request, "If-None-Match") == $"\"{context}\"";

    private static string Header(HttpRequest request, string name)
    {
        var values = request.Headers[name];
        return values.Count > 1 ? throw new ProblemException(400, $"{name}: given more than once", name) : values.ToString().Trim();
    }
}
