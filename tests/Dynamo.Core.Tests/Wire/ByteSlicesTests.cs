using Dynamo.Core.Wire;

namespace Dynamo.Core.Tests.Wire;

/// <summary>Messages with a limit in bytes.</summary>
public sealed class ByteSlicesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("3 3 3", "3 3 3")]
    [InlineData("5 5 1", "5 5|1")]
    [InlineData("11 1", "11|1")]
    [InlineData("1 11 1", "1|11|1")]
    [InlineData("10 10", "10|10")]
    public void Items_that_fit_ten_bytes_go_together_and_a_larger_one_goes_alone(string items, string slices)
    {
        var sizes = items.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
        Assert.Equal(slices, string.Join('|', ByteSlices.Of(sizes, 10, size => size).Select(slice => string.Join(' ', slice))));
    }
}
