using Dynamo.Actors.Shared;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Shared;

public class PeerTrafficTests
{
    private readonly PeerTraffic _traffic = new();

    [Fact]
    public void Each_note_is_taken_once()
    {
        Assert.False(_traffic.TakeNoted());
        _traffic.Note(Given.N2, isAnswered: true);
        _traffic.Note(Given.N2, isAnswered: true);
        _traffic.Note(Given.N3, isAnswered: false);
        Assert.True(_traffic.TakeNoted());
        Assert.False(_traffic.TakeNoted());
        Assert.Equal((true, false), _traffic.Take(Given.N2));
        Assert.Equal((false, false), _traffic.Take(Given.N2));
        Assert.Equal((false, true), _traffic.Take(Given.N3));
        Assert.Equal((false, false), _traffic.Take(Given.N4));
    }

    [Fact]
    public void A_note_made_while_notes_are_taken_comes_the_next_time()
    {
        _traffic.Note(Given.N2, isAnswered: true);
        Assert.True(_traffic.TakeNoted());
        _traffic.Note(Given.N2, isAnswered: false);
        Assert.Equal((true, true), _traffic.Take(Given.N2));
        _traffic.Note(Given.N2, isAnswered: true);
        Assert.True(_traffic.TakeNoted());
        Assert.Equal((true, false), _traffic.Take(Given.N2));
    }
}
