using System.CommandLine;
using Dynamo.Client;

namespace Dynamo.Cli.Options;

/// <summary>The six quorum numbers as flags: of one request, or of a bucket.</summary>
internal sealed class QuorumFlags
{
    private readonly Option<int?> _n = CommandLine.Number("--n", "Replicas of a key.");
    private readonly Option<int?> _r = CommandLine.Number("--r", "Replicas that must answer a read.");
    private readonly Option<int?> _w = CommandLine.Number("--w", "Nodes that must store a write.");
    private readonly Option<int?> _pr = CommandLine.Number("--pr", "Of the replicas that answer a read, how many must be primaries.");
    private readonly Option<int?> _pw = CommandLine.Number("--pw", "Of the nodes that store a write, how many must be primaries.");
    private readonly Option<int?> _dw = CommandLine.Number("--dw", "Of the nodes that store a write, how many must have it on disk.");

    public Option[] All => [_n, _r, _w, _pr, _pw, _dw];

    public RequestSettings Of(ParseResult parsed) => new(
        parsed.GetValue(_n), parsed.GetValue(_r), parsed.GetValue(_w), parsed.GetValue(_pr), parsed.GetValue(_pw), parsed.GetValue(_dw));
}
