using Microsoft.AspNetCore.WebUtilities;

namespace Dynamo.Http.Documents;

/// <summary>Why a request failed (RFC 9457).</summary>
/// <param name="Detail">One sentence that names the object and the limit.</param>
/// <param name="Field">The header, parameter or member of the body that is wrong.</param>
/// <param name="Limit">What is allowed.</param>
/// <param name="Needed">Answers that a quorum needed.</param>
/// <param name="Had">Answers that came in time.</param>
/// <param name="Context">The context of what the key holds.</param>
internal sealed record Problem(
    string Type, string Title, int Status, string Detail, string? Field = null, string? Limit = null, int? Needed = null, int? Had = null, string? Context = null)
{
    public static Problem Of(int status, string detail, string? field = null, string? limit = null) =>
        new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail, field, limit);
}
