using Dynamo.Core.Ring;

namespace Dynamo.Core.Listing;

/// <summary>Where a listing goes on: keys come by token, then by bytes, which is the order of every store.</summary>
/// <param name="From">No key before this token is left.</param>
/// <param name="After">The last key that was looked at; null: none from the token on.</param>
public readonly record struct ListPlace(Token From, StorageKey? After)
{
    public static readonly ListPlace Start = new(new Token(0), null);
}
