using Akka.Configuration.Hocon;

namespace Dynamo.Hosting.Hocon;

/// <summary>Finds references that lead back to themselves: reading such a value would never end.</summary>
internal static class HoconCycles
{
    /// <returns>The path of a circular reference; null: there is none.</returns>
    public static string? Find(HoconRoot root)
    {
        var done = new HashSet<HoconValue>(ReferenceEqualityComparer.Instance);
        var open = new HashSet<HoconValue>(ReferenceEqualityComparer.Instance);
        return root.Substitutions.Select(s => s.Path).FirstOrDefault(path => path is not null) is null ? null : Find(root.Value, "", open, done);
    }

    private static string? Find(HoconValue value, string by, HashSet<HoconValue> open, HashSet<HoconValue> done)
    {
        if (done.Contains(value)) return null;
        if (!open.Add(value)) return by;
        foreach (var element in value.Values)
        {
            var found = element switch
            {
                HoconSubstitution reference => Find(reference.ResolvedValue, reference.Path, open, done),
                HoconObject section => section.Items.Values.Select(v => Find(v, by, open, done)).FirstOrDefault(f => f is not null),
                HoconArray list => list.Select(v => Find(v, by, open, done)).FirstOrDefault(f => f is not null),
                _ => null,
            };
            if (found is not null) return found;
        }
        open.Remove(value);
        done.Add(value);
        return null;
    }
}
