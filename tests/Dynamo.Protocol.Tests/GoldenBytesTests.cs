using Dynamo.Core.Membership;
using Dynamo.Tests.Support;

namespace Dynamo.Protocol.Tests;

/// <summary>
/// The bytes on the wire, fixed for good: nodes of two versions share a cluster during an upgrade. A form that must change gets the next
/// number in its manifest, and the line here stays.
/// </summary>
public sealed class GoldenBytesTests(SerializerFixture fixture) : SerializerTest(fixture)
{
    /// <summary>name | manifest | bytes. Counts are LEB128 varints, store ids and hashes 8 bytes little-endian; text and bytes follow their length.</summary>
    private const string Golden = """
        get                   | C1.1 | 010101050063617274b8170000
        get, all said         | C1.1 | 0101ffffffffffffffff7f07046c6f677300ff010101040302010011
        put                   | C1.1 | 010202050063617274b8170000887766554433221100056170706c65
        put of nothing        | C1.1 | 010203050063617274000000010000000000000002010200
        delete                | C1.1 | 0103040500636172740001000100000000000000020102
        no requests           | C1.1 | 00
        two requests          | C1.1 | 02010105006361727401000001020300c3bc010000
        got                   | C2.1 | 1100ffeeddccbbaa01010102010102056170706c6500
        got, more follow      | C2.1 | 1100ffeeddccbbaa01040102010101056170706c65
        got nothing           | C2.1 | 0000000000000000010101000000
        stored                | C2.1 | 05000000000000000102020202010202026e310001026e32026e3300
        failed                | C2.1 | 05000000000000000103ac02031a31206f66207468652032206e656564656420616e7377657265640201
        not stored            | C2.1 | 0500000000000000010301050466756c6c0000
        put, kept for a minute | C1.1 | 010402050063617274b81700008877665544332211000200e0d403056170706c65
        put if absent | C1.1 | 010402050063617274b81700008877665544332211000001056170706c65
        delete if unchanged | C1.1 | 010402050063617274b817000088776655443322110201020102
        increment | C1.1 | 010402050063617274b8170000887766554433221100040001d704
        increment, sent again | C1.1 | 010402050063617274b81700008877665544332211000c000102
        change of a set | C1.1 | 010402050063617274b817000088776655443322110004000202016100010162
        assignment | C1.1 | 010402050063617274b817000088776655443322110004000303416461
        switch | C1.1 | 010402050063617274b817000088776655443322110004000401
        change of a map | C1.1 | 010402050063617274b8170000887766554433221100040005010676697369747301020102c3bc04
        list | C1.1 | 010507000000000000000000046c6f677300e80700b817
        list, the next page | C1.1 | 010507ffffffffffffffff0500636172740003707265010100020000000001
        got data | C2.1 | 050000000000000001050102010101056170706c65000601d704020201610162030103416461030004010501067669736974730102
        counted | C2.1 | 05000000000000000106020202010201026e31000101d70400
        stored on a condition | C2.1 | 0500000000000000010602010001026e3100010001026e310102
        condition failed | C2.1 | 05000000000000000107010613746865206b65792068617320612076616c75650000020102
        operation failed | C2.1 | 0500000000000000010301070a6e6f20636f756e7465720000
        listed | C2.1 | 05000000000000000108010205006361727407046c6f677300ff010100000000000000050063617274
        listed, the last page | C2.1 | 05000000000000000108010000
        keys request | R10.1 | 0100000000000000ffffffffffffffff00046c6f677303707265e807
        keys request, the next page | R10.1 | 00000000000000000000000000000000050063617274000001
        keys page | R11.1 | 0205006361727407000000000000000107046c6f677300ffffffffffffffffff0005006361727400
        keys page, the last | R11.1 | 000001
        read answers, one that expires and one of a data type | R2.2 | 02010108070605040302010101000108080706050403020101010068e5cf8b010000056170706c650101080706050403020101010001120807060504030201010109000000000000002e01010108070605040302010101000108070605040302010101160109000000000000000a010a000000000000000c
        set bucket, values expire | A7.1 | 046c6f67730302020000008114e0d403
        reads                 | R1.1 | 020500636172740000050063617274026e3201
        read answers          | R2.2 | 0301010807060504030201010100010008070605040302010101056170706c6500ffffffffffffffff01000000
        read answers, one failed | R2.2 | 020201000000
        writes                | R3.2 | 02050063617274010807060504030201010100010008070605040302010101056170706c65000000050063617274010807060504030201010101ffffffffffffffffffffffffffffffff7fffffffffffffffff7f00020308070605040302010101090000000000000006ffffffffffffffffffffffffffffffff7fffffffffffffffff7fffffffffffffffff0068e5cf8b0100000200ff026e320103
        write answers         | R4.2 | 0300010200
        write answers, one kept another | R4.2 | 02000101010068e5cf8b010000
        key states request    | R5.1 | 0205006361727406046c6f677300
        key states            | R6.1 | 02000000000000000000ffffffffffffffff01
        reap                  | R7.2 | 01050063617274010807060504030201010100010008070605040302010101056170706c65
        slice request         | R8.1 | 0500636172740000
        slice request, the next | R8.1 | 050063617274026e3201efcdab00000000000203
        slice                 | R9.1 | 01010807060504030201010101ffffffffffffffffffffffffffffffff7fffffffffffffffff7f00020308070605040302010101090000000000000006ffffffffffffffffffffffffffffffff7fffffffffffffffff7fffffffffffffffff0068e5cf8b0100000200ff01efcdab00000000000203
        slice, the last       | R9.1 | 01010807060504030201010100010008070605040302010101056170706c6500
        slice of a damaged record | R9.1 | 0000
        heartbeat             | G1.2 | 0664796e616d6f026e318001028877665544332211
        syn                   | G2.2 | 0664796e616d6f026e318001028877665544332211080706050403020100020161013102c3bc000000000000000000
        syn, one suspected    | G2.2 | 0664796e616d6f026e318001028877665544332211000000000000000001026e32ffffffffffffffff7f026e31000068e5cf8b010000
        ack                   | G3.2 | 0664796e616d6f026e3180010288776655443322110000000000000000000000000000000000
        ack, two suspected    | G3.2 | 0664796e616d6f026e31800102887766554433221102026e3201026e31026e3100026e3201000000000000000068e5cf8b010000
        marks                 | G4.2 | 0664796e616d6f026e3180010288776655443322110301000000000000000200000000000000030000000000000002026e310100000000000000026e32ffffffffffffffff00000000000000000000000000000000000000
        marks, of some        | G4.2 | 0664796e616d6f026e3180010288776655443322110000026e31026e3201026e3201026e310100000000000000ffffffffffffffff
        delta                 | G5.3 | 0664796e616d6f026e31800102887766554433221102026e31093132372e302e302e31bc3701010001026e32033a3a31ffff03ffffffffffffffff7f03047261636be807070000000000000002026e31026e3201040100010001000100020401000101010001010200010103010101080000000000000001046c6f6773020501030102030114000101010000000000000001026e310100000000000000026e3100
        delta of nothing      | G5.3 | 0664796e616d6f026e31800102887766554433221100000000000000000000000000000000000000
        refused               | G6.2 | 026e31001369747320636c75737465722069732027c3bc2700
        gone                  | G6.2 | 026e3101136e6f6465206e33207761732072656d6f76656400
        name taken            | G6.2 | 026e310507616e6f7468657201033a3a31c137ac0202
        name conflict         | G12.1 | 0664796e616d6f026e318001028877665544332211026e32093132372e302e302e31bc37033a3a31c137
        spread-suspicions     | G7.2 | 0664796e616d6f026e31800102887766554433221101026e3201026e31
        ping                  | G8.2 | 0664796e616d6f026e318001028877665544332211ac02
        pong                  | G9.2 | 0664796e616d6f026e318001028877665544332211ac02
        ping request          | G10.2 | 0664796e616d6f026e318001028877665544332211026e32ac02f403
        ping report           | G11.2 | 0664796e616d6f026e318001028877665544332211ac0201
        roots                 | T1.1 | 026e310302000000000000000000ff1fffffffffffffffff
        differences           | T2.1 | 0200ff1f0107
        tree nodes            | T3.1 | ff01020200ff01
        tree hashes           | T4.1 | 0300000000000000000100000000000000ffffffffffffffff
        leaf keys             | T5.1 | ff010200ff1f
        key digests           | T6.2 | 03010500636172740807060504030201
        directory request     | D1.1 | 0807060504030201
        directory             | D2.2 | 0664796e616d6f026e3102026e31093132372e302e302e31bc3701010001026e32033a3a31ffff03ffffffffffffffff7f03047261636be807070000000000000002026e31026e3201040100010001000100020401000101010001010200010103010101080000000000000001046c6f677302050103010203011400010000000000000001026e3203020200000000148008808040
        directory unchanged   | D3.1 | 02026e31026e32
        status request        | A1.1 |
        status                | A2.4 | 026e3105302e312e3067120000e0d4030673716c6974650105080706050403020101026e320ae80703000000000000e03f0000000000802840010000000000000000000000
        status, troubled      | A2.4 | 026e31000000000000066d656d6f7279000000000000000000000000000000000000000000000000000000000000008011c9ffffffffff010466756c6c0202c3bc00
        explain               | A3.1 | 050063617274
        key report            | A4.1 | 026e31167b303030303030303030303030303030312e313a317d08070605040302010114303030303030303030303030303030312e313a31010001026e32d30901
        key report of nothing | A4.1 | 026e3100000000000000000000000000
        scan                  | A5.1 | 0000000000000000ffffffffffffffff00d00f
        scan after            | A5.1 | 0100000000000000020000000000000005006361727401
        scan page             | A6.1 | 01050063617274010000000000000001
        set bucket            | A7.1 | 046c6f67730501030102030114
        bucket set            | A8.1 | 046c6f677302
        admin refused         | A9.1 | 256275636b6574206c6f67733a2072203d2034206973206e6f742066726f6d203120746f2033
        chunk request after   | X3.1 | 0705006361727401
        drain                 | A10.1 | 01
        accepted              | M5.1 | 0203
        introduce             | M1.1 | 033a3a31c137
        transfers request     | X1.2 | 00
        transfers request, more | X1.2 | ac02
        reach request         | M6.1 | 026e32033a3a31c1378827
        reach report          | M7.1 | 01
        stage replace         | M2.1 | 026e3103026e32
        chunk                 | X4.2 | 01050063617274010807060504030201010100010008070605040302010101056170706c6501
        hints                 | A13.1 | 01026e32ac02
        clear                 | M3.1 |
        commit                | M4.1 | 030807060504030201
        transfers             | X2.1 | 0207026e31026e3264904ed00f000000000000e03f882700ff1f0000000000000000000000000000216e6f6465206e3320686173206e6f74206865617264206f662074686520706c616e
        stage                 | M2.1 | 026e310200
        chunk request         | X3.1 | 0700808010
        hints request         | A12.1 |
        drain state           | A11.1 | 0102ac02
        """;

    private static readonly IReadOnlyDictionary<string, (string Manifest, string Hex)> Lines = Golden.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(parts => parts[0], parts => (parts[1], parts[2].Replace(" ", "")));

    public static TheoryData<string> Names => Samples.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_has_its_golden_bytes(string name)
    {
        var message = Samples.All[name];
        var line = Lines.GetValueOrDefault(name);
        var (manifest, hex) = (Serializer.Manifest(message), Convert.ToHexStringLower(Bytes(message)));
        Assert.True((line.Manifest, line.Hex) == (manifest, hex), $"other bytes than the golden ones: {name} | {manifest} | {hex}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_golden_bytes_decode_to_the_message(string name)
    {
        var message = Samples.All[name];
        Assert.Equal(Shown.Of(message), Shown.Of(Again(message)));
    }

    [Theory]
    [InlineData("status", "A2.2", "026e3105302e312e30e724e0d4030673716c6974650105080706050403020101026e320ae80703000000000000e03f000000000080284001")]
    [InlineData("status", "A2.3", "026e3105302e312e3067120000e0d4030673716c6974650105080706050403020101026e320ae80703000000000000e03f000000000080284001")]
    [InlineData("write answers", "R4.1", "03000102")]
    [InlineData("transfers request", "X1.1", "")]
    public void A_former_form_is_still_read(string name, string manifest, string bytes) =>
        Assert.Equal(Shown.Of(Samples.All[name]), Shown.Of((IWireMessage)Serialization.Deserialize(Convert.FromHexString(bytes), 4607, manifest)));

    /// <summary>The messages of nodes before version 2 of the protocol: they carry no seal, and are read so that their sender can be told.</summary>
    [Theory]
    [InlineData("G1.1", "", nameof(Heartbeat))]
    [InlineData("G2.1", "080706050403020100", nameof(GossipSyn))]
    [InlineData("G3.1", "00", nameof(GossipAck))]
    [InlineData("G4.1", "0000000000", nameof(GossipMarks))]
    [InlineData("G5.2", "00000000000000000000000000000000000000", nameof(GossipDelta))]
    [InlineData("G7.1", "00", nameof(SpreadSuspicions))]
    [InlineData("G8.1", "ac02", nameof(Ping))]
    [InlineData("G9.1", "ac02", nameof(Pong))]
    [InlineData("G10.1", "026e32ac02f403", nameof(PingRequest))]
    [InlineData("G11.1", "ac0201", nameof(PingReport))]
    public void The_former_forms_of_gossip_are_still_read(string manifest, string rest, string message)
    {
        var read = (IGossip)Serialization.Deserialize(Convert.FromHexString("0664796e616d6f026e318001" + rest), 4607, manifest);
        Assert.Equal(message, read.GetType().Name);
        Assert.Equal(new Origin("dynamo", new("n1"), 128, Protocol: 1, Seal: 0), read.From);
    }

    [Fact]
    public void The_former_form_of_key_digests_is_about_every_leaf_asked_for()
    {
        var digests = (KeyDigests)Samples.All["key digests"];
        var former = (KeyDigests)Serialization.Deserialize(Convert.FromHexString("010500636172740807060504030201"), 4607, "T6.1");
        Assert.Equal(Shown.Of(digests with { Leaves = int.MaxValue }), Shown.Of(former));
    }

    [Fact]
    public void The_former_form_of_a_refusal_is_still_read()
    {
        var bytes = Convert.FromHexString("026e3101136e6f6465206e33207761732072656d6f766564");
        Assert.Equal(Samples.All["gone"], Serialization.Deserialize(bytes, 4607, "G6.1"));
    }

    [Fact]
    public void Every_message_of_the_protocol_has_golden_bytes()
    {
        var messages = typeof(IWireMessage).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IWireMessage)) && !t.IsAbstract);
        Assert.Equal(messages.Select(t => t.Name).Order(), Samples.All.Values.Select(m => m.GetType().Name).Distinct().Order());
        Assert.Equal(Lines.Keys.Order(), Samples.All.Keys.Order());
    }

    [Fact]
    public void No_two_messages_share_a_manifest()
    {
        var manifests = Samples.All.Values.DistinctBy(m => m.GetType()).Select(m => Serializer.Manifest(m)).ToArray();
        Assert.Equal(manifests.Length, manifests.Distinct().Count());
    }

    [Fact]
    public void The_serializer_is_found_by_message_type_and_by_id()
    {
        Assert.Equal(4607, Serializer.Identifier);
        Assert.All(Samples.All.Values, m => Assert.IsType<DynamoSerializer>(Serialization.FindSerializerFor(m)));
        var beat = new Heartbeat(new Origin("dynamo", new("n1"), 1, 2, 3));
        Assert.Equal(beat, Serialization.Deserialize(Bytes(beat), 4607, "G1.2"));
    }

    [Fact]
    public void An_object_that_is_no_message_of_the_protocol_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Serializer.Manifest("text"));
        Assert.Throws<ArgumentException>(() => Serializer.ToBinary("text"));
    }
}
