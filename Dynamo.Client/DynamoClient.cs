using Akka.Actor;
using Akka.Configuration;
using Dynamo.Client.Proxy;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>
/// A cluster's client: sends each request straight to a replica of its key, and to the next on failure. Thread-safe; one for a process is
/// enough, and requests that are made at the same time travel together.
/// </summary>
/// <remarks>
/// Requests that are answered together complete one after the other on one thread of the pool. Code behind an await that blocks, or computes for long, may hold
/// those behind it up for 50 ms; then another thread goes on with them.
/// </remarks>
/// <example><code>
/// await using var dynamo = await DynamoClient.ConnectAsync("127.0.0.1:7100");
/// var cart = await dynamo.GetAsync("cart:1");
/// await dynamo.PutAsync("cart:1", "apple"u8.ToArray(), cart.Context);
/// </code></example>
public sealed class DynamoClient : IAsyncDisposable
{
    /// <summary>The longest timeout of one request.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly DynamoClientOptions _options;
    private readonly ActorSystem _system;
    private readonly bool _ownsSystem;
    private readonly IActorRef _proxy;
    private readonly Func<ulong> _nextWriteId;
    private readonly Callers _callers;
    private volatile bool _isDisposed;

    private DynamoClient(DynamoClientOptions options, ActorSystem system, bool ownsSystem, Random random)
    {
        _options = options;
        _system = system;
        _ownsSystem = ownsSystem;
        var gate = new Lock();
        _nextWriteId = () =>
        {
            lock (gate) return (ulong)random.NextInt64(1, long.MaxValue);
        };
        _callers = new Callers(system.Dispatchers.DefaultGlobalDispatcher);
        _proxy = system.ActorOf(ClientProxy.Props(options, new Random(random.Next()), _callers));
        _callers.Belong(_proxy);
    }

    /// <summary>Connects to the cluster that one or more nodes belong to.</summary>
    /// <param name="contacts">host:port of some nodes.</param>
    /// <exception cref="FormatException">A contact is not host:port.</exception>
    /// <exception cref="DynamoUnavailableException">No contact answered within the options' timeout.</exception>
    public static Task<DynamoClient> ConnectAsync(params string[] contacts) =>
        ConnectAsync(new DynamoClientOptions { Contacts = [.. contacts.Select(Core.Membership.NodeAddress.Parse)] });

    /// <inheritdoc cref="ConnectAsync(string[])"/>
    public static async Task<DynamoClient> ConnectAsync(DynamoClientOptions options, CancellationToken cancellation = default)
    {
        var client = Create(options);
        try
        {
            await client._callers.WhenConnected.WaitAsync(options.Timeout, cancellation);
            return client;
        }
        catch (TimeoutException)
        {
            await client.DisposeAsync();
            throw DynamoUnavailableException.NoAnswer(options.Contacts, options.Timeout);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that connects meanwhile: its first requests wait for that, each as long as its timeout.</summary>
    public static DynamoClient Create(DynamoClientOptions options) =>
        new(options, ActorSystem.Create(NodePaths.SystemName, ClientConfig.Of(options)), ownsSystem: true, new Random());

    /// <summary>What the configuration of an actor system needs to talk to nodes, for <c>WithFallback</c>.</summary>
    public static Config ActorSystemConfig => WireConfig.Fallback;

    /// <summary>A client in an actor system that the caller owns: its configuration has <see cref="ActorSystemConfig"/>.</summary>
    /// <param name="system">It stays when the client is disposed.</param>
    /// <param name="options">How to find the cluster; the hostname and the Akka.NET configuration are the system's own.</param>
    public static DynamoClient In(ActorSystem system, DynamoClientOptions options) => In(system, options, new Random());

    // A simulation draws the write ids from its seed.
    internal static DynamoClient In(ActorSystem system, DynamoClientOptions options, Random random) => new(options, system, ownsSystem: false, random);

    /// <summary>Reads a key: one value, or all siblings, and the context for the put that follows.</summary>
    /// <param name="key">1 byte at least; the cluster's limit is 1 KiB unless it is set otherwise.</param>
    /// <param name="settings">What this request asks for instead of its bucket's options.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public async Task<GetResult> GetAsync(DynamoKey key, RequestSettings? settings = null, CancellationToken cancellation = default)
    {
        var asked = settings ?? RequestSettings.Default;
        var reply = await AskAsync(new GetRequest(0, Stored(key), asked, 0), asked, cancellation);
        return reply is GetReply got
            ? new GetResult(got.Values, new DynamoContext(got.Context), got.Answered)
            : throw Failure(reply);
    }

    /// <summary>Writes a value in the place of what its context saw; a value that it did not see stays, as a sibling.</summary>
    /// <param name="key">1 byte at least; the cluster's limit is 1 KiB unless it is set otherwise.</param>
    /// <param name="value">The cluster's limit is 1 MiB unless it is set otherwise.</param>
    /// <param name="context">What the writer has seen, from a get or an earlier put; <see cref="DynamoContext.None"/>: nothing.</param>
    /// <param name="settings">What this request asks for instead of its bucket's options.</param>
    /// <param name="cancellation">Ends the wait; the write may take effect all the same.</param>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> PutAsync(
        DynamoKey key, ReadOnlyMemory<byte> value, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, value, isDelete: false, context, settings, cancellation);

    /// <summary>Deletes what the context saw; a value that it did not see stays.</summary>
    /// <param name="key">1 byte at least.</param>
    /// <param name="context">From a get or an earlier put of the key.</param>
    /// <param name="settings">What this request asks for instead of its bucket's options.</param>
    /// <param name="cancellation">Ends the wait; the delete may take effect all the same.</param>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> DeleteAsync(
        DynamoKey key, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, default, isDelete: true, context, settings, cancellation);

    /// <summary>Ends the requests that are under way as if nobody had answered them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        // Behind all that was asked before, so that the proxy knows of each call that it fails.
        if (!_ownsSystem)
        {
            _proxy.Tell(PoisonPill.Instance, ActorRefs.NoSender);
            return;
        }
        try
        {
            await _proxy.GracefulStop(StopTimeout);
        }
        catch (TaskCanceledException)
        {
            // Its system ends all the same.
        }
        await _system.Terminate();
    }

    private async Task<PutResult> WriteAsync(
        DynamoKey key, ReadOnlyMemory<byte> value, bool isDelete, DynamoContext context, RequestSettings? settings, CancellationToken cancellation)
    {
        var asked = settings ?? RequestSettings.Default;
        var request = new PutRequest(0, Stored(key), context.Token, value, isDelete, _nextWriteId(), asked, 0);
        var reply = await AskAsync(request, asked, cancellation);
        return reply is PutReply put
            ? new PutResult(new DynamoContext(put.Context), put.W, [.. put.Took.Select(t => new WriteReceipt(t.Node, t.FallbackFor, t.Synced))])
            : throw Failure(reply);
    }

    private Task<ClientReply> AskAsync(ClientRequest request, RequestSettings asked, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        var timeout = asked.Timeout ?? _options.Timeout;
        if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
            throw new DynamoBadRequestException($"the timeout is {timeout.TotalSeconds:0.###}s: more than 0s, and {LongestTimeout.TotalSeconds}s at most");
        // The nodes know the bucket's narrower rules; but a negative number cannot even be sent.
        if (asked.WhyNot() is { } reason) throw new DynamoBadRequestException(reason);
        var call = new Call(request, timeout);
        _callers.Make(call);
        // Made behind the proxy's end, perhaps.
        if (_isDisposed) call.Fail(new ObjectDisposedException(nameof(DynamoClient)));
        return cancellation.CanBeCanceled ? call.Reply.WaitAsync(cancellation) : call.Reply;
    }

    private static StorageKey Stored(DynamoKey key)
    {
        if (key.Bytes.IsEmpty) throw new DynamoBadRequestException("the key is empty: 1 byte is the least");
        try
        {
            return StorageKey.Of(key.Bucket, key.Bytes.Span);
        }
        catch (ArgumentException e)
        {
            throw new DynamoBadRequestException(e.Message);
        }
    }

    private static DynamoException Failure(ClientReply reply) => reply is not RequestFailed failed
        ? throw new InvalidOperationException($"a reply of the type {reply.GetType().Name} to another request")
        : failed.Kind switch
        {
            FailureKind.BadRequest => new DynamoBadRequestException(failed.Reason),
            FailureKind.BadContext => new DynamoBadContextException(failed.Reason),
            FailureKind.Overloaded => new DynamoOverloadedException(failed.Reason),
            FailureKind.QuorumNotMet => new DynamoQuorumException(failed.Reason, failed.Needed, failed.Had),
            _ => new DynamoUnavailableException(failed.Reason),
        };
}
