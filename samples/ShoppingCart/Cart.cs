using System.Text;

namespace ShoppingCart;

/// <summary>
/// A cart: how many pieces of each item were ever added and removed. Carts that were changed concurrently merge to the greater of both counts, so no added
/// item is lost (section 4.4 of the paper). If two carts each add a piece of the same item, one piece may be lost; counts per writer would keep both.
/// </summary>
public sealed record Cart(IReadOnlyDictionary<string, (int In, int Out)> Counts)
{
    public static readonly Cart Empty = new(new Dictionary<string, (int, int)>());

    public IEnumerable<(string Item, int Pieces)> Items =>
        Counts.Where(c => c.Value.In > c.Value.Out).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value.In - c.Value.Out));

    public Cart Add(string item) => Change(item, counts => counts with { In = counts.In + 1 });

    public Cart Remove(string item) => Change(item, counts => counts.In > counts.Out ? counts with { Out = counts.Out + 1 } : counts);

    public Cart Merge(Cart other)
    {
        var merged = new Dictionary<string, (int In, int Out)>(Counts);
        foreach (var (item, theirs) in other.Counts)
        {
            var ours = merged.GetValueOrDefault(item);
            merged[item] = (Math.Max(ours.In, theirs.In), Math.Max(ours.Out, theirs.Out));
        }
        return new Cart(merged);
    }

    public byte[] Save() => Encoding.UTF8.GetBytes(string.Join('\n', Counts.Select(c => $"{c.Key}\t{c.Value.In}\t{c.Value.Out}")));

    public static Cart Load(ReadOnlySpan<byte> saved) => new(
        Encoding.UTF8.GetString(saved).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(words => words[0], words => (int.Parse(words[1]), int.Parse(words[2]))));

    private Cart Change(string item, Func<(int In, int Out), (int In, int Out)> change) =>
        new(new Dictionary<string, (int In, int Out)>(Counts) { [item] = change(Counts.GetValueOrDefault(item)) });
}
