using Dynamo.Client;
using Dynamo.Core.Membership;
using Dynamo.Remoting;

namespace Dynamo.Cli.Options;

/// <summary>Finds a contact that answers, by the address that it has for itself.</summary>
internal static class Contacts
{
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan NameLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Asks the contacts until one answers: each a moment after the one before, and all within one time limit, so that a contact that is down costs little.
    /// </summary>
    /// <param name="ask">Changes nothing: several contacts may be asked at once.</param>
    /// <exception cref="DynamoUnavailableException">No contact answered.</exception>
    public static async Task<T> FirstAsync<T>(IReadOnlyList<NodeAddress> contacts, TimeSpan timeout, Func<NodeAddress, Task<T>> ask)
    {
        var longest = timeout / (2 * contacts.Count);
        var pause = longest < Stagger ? longest : Stagger;
        var limit = Task.Delay(timeout);
        var left = new Queue<NodeAddress>(contacts);
        var asked = new List<Task<T>>();
        while (left.Count > 0 || asked.Count > 0)
        {
            if (left.TryDequeue(out var next)) asked.Add(ask(next));
            Task[] open = [.. asked, left.Count > 0 ? Task.Delay(pause) : limit];
            var ended = await Task.WhenAny(open);
            if (ended == limit) break;
            if (ended is not Task<T> answer || !asked.Remove(answer)) continue;
            try
            {
                return await answer;
            }
            catch (DynamoUnavailableException)
            {
                // Another contact may answer.
            }
        }
        throw new DynamoUnavailableException($"no node answered at {string.Join(", ", contacts)} within {timeout.TotalSeconds:0.###}s");
    }

    /// <summary>
    /// Akka.Remote drops what is sent to a node by another address than its own: by "localhost", or by an IP address where the node has a name. So each
    /// contact is asked for its own address; one that does not answer keeps the address given.
    /// </summary>
    public static async Task<IReadOnlyList<NodeAddress>> OwnAddressesAsync(IReadOnlyList<NodeAddress> given, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(NameLimit);
        var own = await Task.WhenAll(given.Select(contact => OwnAddress.AskAsync(contact.Host, contact.Port, limit.Token)));
        return [.. given.Zip(own).Select(c => c.Second is { } known ? new NodeAddress(known.Host, known.Port) : c.First)];
    }
}
