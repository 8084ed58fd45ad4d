using Akka.Actor;
using Akka.Configuration;
using Dynamo.Client.DataTypes;
using Dynamo.Client.Proxy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Client;

/// <summary>
/// A client of a cluster: sends each request straight to a replica of its key, and to the next one on failure. Thread-safe; one per process is
/// enough, and concurrent requests share messages.
/// </summary>
/// <remarks>
/// Requests that are answered together complete one after the other on a pool thread. A continuation that blocks, or computes for long, may delay the
/// requests behind it by up to 50 ms; then another thread takes over.
/// </remarks>
/// <example><code>
/// await using var dynamo = await DynamoClient.ConnectAsync("127.0.0.1:7100");
/// var cart = await dynamo.GetAsync("cart:1");
/// await dynamo.PutAsync("cart:1", "apple"u8.ToArray(), cart.Context);
/// </code></example>
public sealed partial class DynamoClient : IAsyncDisposable
{
    /// <summary>The longest allowed timeout of a request.</summary>
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

    /// <summary>Creates a client that connects in the background. Requests wait for the connection, each no longer than its timeout.</summary>
    public static DynamoClient Create(DynamoClientOptions options) =>
        new(options, ClientSystem.Create(options), ownsSystem: true, new Random());

    /// <summary>The configuration that an actor system needs to talk to nodes, for <c>WithFallback</c>.</summary>
    public static Config ActorSystemConfig => WireConfig.Fallback;

    /// <summary>Creates a client in the caller's actor system; its configuration must include <see cref="ActorSystemConfig"/>.</summary>
    /// <param name="system">
    /// The actor system; it keeps running when the client is disposed. Nodes know a client by the system's name, host and port together, so that of two systems
    /// with the same three one gets no answers: give the system a unique name, unless its host and port are unique in the network.
    /// </param>
    /// <param name="options">How to find the cluster. The hostname and Akka.NET configuration are ignored: the system has its own.</param>
    public static DynamoClient In(ActorSystem system, DynamoClientOptions options) => In(system, options, new Random());

    // A simulation draws write ids from its seed.
    internal static DynamoClient In(ActorSystem system, DynamoClientOptions options, Random random) => new(options, system, ownsSystem: false, random);

    /// <summary>Reads a key: one value or all siblings, and the context for the next put.</summary>
    /// <param name="key">At least 1 byte; the cluster's limit is 1 KiB by default.</param>
    /// <param name="settings">Overrides of the bucket's options for this request.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public async Task<GetResult> GetAsync(DynamoKey key, RequestSettings? settings = null, CancellationToken cancellation = default)
    {
        var asked = settings ?? RequestSettings.Default;
        var reply = await AskAsync(new GetRequest(0, Stored(key), asked, 0), asked, cancellation);
        return reply is GetReply got
            ? new GetResult(got.Values, new DynamoContext(got.Context), got.Answered) { Data = got.Data.IsEmpty ? [] : [.. got.Data.Select(DynamoData.Of)] }
            : throw Failure(reply);
    }

    /// <summary>Writes a value that replaces everything its context has seen; values that it has not seen stay as siblings.</summary>
    /// <param name="key">At least 1 byte; the cluster's limit is 1 KiB by default.</param>
    /// <param name="value">The value; the cluster's limit is 1 MiB by default.</param>
    /// <param name="context">The context of a get or an earlier put of the key; <see cref="DynamoContext.None"/>: nothing was seen.</param>
    /// <param name="settings">Overrides of the bucket's options for this request.</param>
    /// <param name="cancellation">Cancels the wait; the write may still take effect.</param>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> PutAsync(
        DynamoKey key, ReadOnlyMemory<byte> value, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, value, isDelete: false, context, settings, cancellation);

    /// <summary>Deletes everything that the context has seen; values that it has not seen stay.</summary>
    /// <param name="key">At least 1 byte.</param>
    /// <param name="context">The context of a get or an earlier put of the key.</param>
    /// <param name="settings">Overrides of the bucket's options for this request.</param>
    /// <param name="cancellation">Cancels the wait; the delete may still take effect.</param>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> DeleteAsync(
        DynamoKey key, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, default, isDelete: true, context, settings, cancellation);

    /// <summary>Writes a value if the key has none: it was never written, or is deleted or expired.</summary>
    /// <remarks>
    /// The store is always writable, so this is no lock: while nodes disagree on which of them are up, two such puts may both be carried out, and become
    /// siblings. <see cref="PutResult.Condition"/> says how the condition was checked; docs/conditional-puts.md says what that guarantees.
    /// </remarks>
    /// <inheritdoc cref="PutAsync" path="/param"/>
    /// <exception cref="DynamoConditionException">The key has a value.</exception>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> PutIfAbsentAsync(DynamoKey key, ReadOnlyMemory<byte> value, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, value, isDelete: false, DynamoContext.None, settings, cancellation, new PutTerms(PutCondition.IfAbsent));

    /// <summary>Writes a value if the context has seen all that the key holds; otherwise it is refused, where <see cref="PutAsync"/> would make a sibling.</summary>
    /// <remarks><inheritdoc cref="PutIfAbsentAsync" path="/remarks"/></remarks>
    /// <inheritdoc cref="PutAsync" path="/param"/>
    /// <exception cref="DynamoConditionException">The key has a write that the context has not seen.</exception>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> PutIfUnchangedAsync(
        DynamoKey key, ReadOnlyMemory<byte> value, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, value, isDelete: false, context, settings, cancellation, new PutTerms(PutCondition.IfContext));

    /// <summary>Deletes a key if the context has seen all that it holds; see <see cref="PutIfUnchangedAsync"/>.</summary>
    /// <inheritdoc cref="DeleteAsync" path="/param"/>
    /// <exception cref="DynamoConditionException">The key has a write that the context has not seen.</exception>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> DeleteIfUnchangedAsync(
        DynamoKey key, DynamoContext context, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, default, isDelete: true, context, settings, cancellation, new PutTerms(PutCondition.IfContext));

    /// <summary>Updates a value of one of the data types. The update may be sent again to another node if one does not answer.</summary>
    /// <param name="key">At least 1 byte. A key that holds nothing gets a value of the update's type.</param>
    /// <param name="update">The update.</param>
    /// <param name="settings">Overrides of the bucket's options for this request.</param>
    /// <param name="cancellation">Cancels the wait; the update may still take effect.</param>
    /// <exception cref="DynamoUpdateException">The update does not fit what the key holds.</exception>
    /// <exception cref="DynamoException">See its derived types.</exception>
    public Task<PutResult> ApplyAsync(DynamoKey key, DynamoUpdate update, RequestSettings? settings = null, CancellationToken cancellation = default) =>
        WriteAsync(key, default, isDelete: false, DynamoContext.None, settings, cancellation, new PutTerms(Operation: update.Operation));

    /// <summary>Closes the client. Requests in flight fail as unanswered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        // Queued behind all earlier calls, so that the proxy knows of every call that it must fail.
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
            // The actor system is terminated regardless.
        }
        await _system.Terminate();
    }

    private async Task<PutResult> WriteAsync(
        DynamoKey key, ReadOnlyMemory<byte> value, bool isDelete, DynamoContext context, RequestSettings? settings, CancellationToken cancellation,
        PutTerms? terms = null)
    {
        var asked = settings ?? RequestSettings.Default;
        if (asked.Ttl is { } ttl && !isDelete) terms = (terms ?? new PutTerms()) with { TtlMs = Checked(ttl) };
        var request = new PutRequest(0, Stored(key), context.Token, value, isDelete, _nextWriteId(), asked, 0, Terms: terms);
        var reply = await AskAsync(request, asked, cancellation);
        if (reply is not PutReply put) throw Failure(reply);
        return new PutResult(new DynamoContext(put.Context), put.W, [.. put.Took.Select(t => new WriteReceipt(t.Node, t.FallbackFor, t.Synced))])
        {
            Condition = put.Check is { } check ? new ConditionReceipt(check.By, check.IsFirst, check.Answered) : null,
            Counter = put.Counter,
        };
    }

    private static long Checked(TimeSpan ttl) => BucketOptions.WhyNotTtl((long)ttl.TotalMilliseconds) is { } reason
        ? throw new DynamoBadRequestException(reason) : (long)ttl.TotalMilliseconds;

    private Task<ClientReply> AskAsync(ClientRequest request, RequestSettings asked, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        var timeout = asked.Timeout ?? _options.Timeout;
        if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
            throw new DynamoBadRequestException($"the timeout is {timeout.TotalSeconds:0.###}s: must be over 0s and at most {LongestTimeout.TotalSeconds}s");
        // The nodes know the bucket's narrower rules; but a negative number cannot even be sent.
        if (asked.WhyNot() is { } reason) throw new DynamoBadRequestException(reason);
        var call = new Call(request, timeout);
        _callers.Make(call);
        // The call may have been made after the proxy ended.
        if (_isDisposed) call.Fail(new ObjectDisposedException(nameof(DynamoClient)));
        return cancellation.CanBeCanceled ? call.Reply.WaitAsync(cancellation) : call.Reply;
    }

    private static StorageKey Stored(DynamoKey key)
    {
        if (key.Bytes.IsEmpty) throw new DynamoBadRequestException("the key is empty: it must have at least 1 byte");
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
        ? throw new InvalidOperationException($"unexpected reply of type {reply.GetType().Name}")
        : failed.Kind switch
        {
            FailureKind.BadRequest => new DynamoBadRequestException(failed.Reason),
            FailureKind.BadContext => new DynamoBadContextException(failed.Reason),
            FailureKind.ConditionFailed => new DynamoConditionException(failed.Reason, new DynamoContext(failed.Context)),
            FailureKind.OperationFailed => new DynamoUpdateException(failed.Reason),
            FailureKind.Overloaded => new DynamoOverloadedException(failed.Reason),
            FailureKind.QuorumNotMet => new DynamoQuorumException(failed.Reason, failed.Needed, failed.Had),
            _ => new DynamoUnavailableException(failed.Reason),
        };
}
