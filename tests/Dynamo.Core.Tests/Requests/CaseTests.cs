using Dynamo.Core.Buckets;
using Dynamo.Core.Quorum;
using Dynamo.Core.Requests;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Tests.Requests;

/// <summary>Cases/get.txt and Cases/put.txt: every rule of a get and a put, as events and the effects that follow.</summary>
public sealed class CaseTests
{
    private static readonly StorageKey Key = StorageKey.Of("k");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly Surroundings _around = new();
    private readonly List<Effect> _effects = [];
    private TimeSpan _now;
    private GetCoordination? _get;
    private PutCoordination? _put;

    public static TheoryData<string> Gets => [.. Case.Read("get.txt").Select(c => c.Title)];

    public static TheoryData<string> Puts => [.. Case.Read("put.txt").Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Gets))]
    public void Get(string title) => Case.Read("get.txt").Single(c => c.Title == title).Run(_around.Change, words =>
    {
        _get ??= new GetCoordination(Key, _around.Rules, _around.Conflicts, Deadline, _around.View);
        switch (words)
        {
            case ["begun"]: _get.Begun(_effects); break;
            case [var node, "whole", var set]: _get.AnsweredWhole(PlaceOf(_get, node), Notation.Set(set), _effects); break;
            case [var node, "digest", var set]:
                _get.AnsweredDigest(PlaceOf(_get, node), VersionCodec.Digest(Key, Notation.Set(set)), _now, _around.View, _effects);
                break;
            default: HappenTo(_get, words); break;
        }
        return Drained(_get);
    });

    [Theory]
    [MemberData(nameof(Puts))]
    public void Put(string title) => Case.Read("put.txt").Single(c => c.Title == title).Run(_around.Change, words =>
    {
        _put ??= new PutCoordination(Key, _around.Rules, CausalContext.Empty, Deadline, _around.View);
        switch (words)
        {
            case ["begun"]: _put.Begun(_around.IsForwarded, isConditional: false, _around.View, _effects); break;
            case ["minted", var set]: Mint(_put, set, isSynced: true); break;
            case ["minted", var set, "unsynced"]: Mint(_put, set, isSynced: false); break;
            case ["too-large", var held]: Minted(_put, new Applied(new RecordKey(Key), RecordOf(held), RecordOf(held)), isSynced: false); break;
            case ["restamped", var set]: Mint(_put, set, isSynced: true); break;
            case ["overtaken", var by]: Minted(_put, new Applied(new RecordKey(Key), RecordOf(by), RecordOf(by)), isSynced: false); break;
            case [var node, "keeps", var other]:
                _put.StoredAt(PlaceOf(_put, node), isSynced: true, _effects, Notation.Set(other).Siblings[0].TimestampMs);
                break;
            case ["not-minted", .. var reason]: _put.NotMinted(string.Join(' ', reason), isLate: false, _effects); break;
            case ["mint-late"]: _put.NotMinted("Timeout after 00:00:10", isLate: true, _effects); break;
            case ["no-room-to-mint"]: _put.NoRoomToMint(_effects); break;
            case [var node, "stored"]: _put.StoredAt(PlaceOf(_put, node), isSynced: false, _effects); break;
            case [var node, "synced"]: _put.StoredAt(PlaceOf(_put, node), isSynced: true, _effects); break;
            case ["incoming", var node, "took"]: _put.IncomingAnswered(new NodeId(node), isTaken: true, _effects); break;
            case ["incoming", var node, "refused"]: _put.IncomingAnswered(new NodeId(node), isTaken: false, _effects); break;
            default: HappenTo(_put, words); break;
        }
        return Drained(_put);
    });

    private static int PlaceOf(Coordination request, string node) => request.Participants.Select(p => p.Node.Name).ToList().IndexOf(node);

    private static Record RecordOf(string set) => new(0, Notation.Set(set));

    private void HappenTo(Coordination request, string[] words)
    {
        switch (words)
        {
            case ["at", [.. var seconds, 's']]:
                _now = TimeSpan.FromSeconds(int.Parse(seconds));
                request.TimePassed(_now, _effects);
                break;
            case [var node, "fails"]: request.Failed(PlaceOf(request, node), isLate: false, _now, _around.View, _effects); break;
            case [var node, "late"]: request.Failed(PlaceOf(request, node), isLate: true, _now, _around.View, _effects); break;
            case [var node, "no-room"]: request.NoRoom(PlaceOf(request, node), _now, _around.View, _effects); break;
            default: throw new FormatException(string.Join(' ', words));
        }
    }

    private void Mint(PutCoordination put, string set, bool isSynced)
    {
        var after = RecordOf(set);
        Minted(put, new Applied(new RecordKey(Key), Record.None, after, after.Versions.Siblings[0].Dot), isSynced);
    }

    private void Minted(PutCoordination put, Applied applied, bool isSynced) =>
        put.Minted(applied, isSynced, new BucketOptions(_around.Rules, _around.Conflicts, _around.WarnSiblings), _around.View, _effects);

    private string Drained(Coordination request)
    {
        var shown = Notation.Of(_effects, request.Participants);
        _effects.Clear();
        return shown;
    }
}
