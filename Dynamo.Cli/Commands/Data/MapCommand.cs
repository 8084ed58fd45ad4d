using System.CommandLine;
using System.Globalization;
using Dynamo.Cli.Shared;
using Dynamo.Client.DataTypes;

namespace Dynamo.Cli.Commands.Data;

/// <summary>`dynamo map`.</summary>
internal static class MapCommand
{
    public static Command Create()
    {
        var incr = Many("--incr", "FIELD=NUMBER: adds to a counter.");
        var add = Many("--add", "FIELD=ELEMENT: adds to a set.");
        var drop = Many("--drop", "FIELD=ELEMENT: removes from a set.");
        var assign = Many("--assign", "FIELD=VALUE: writes a register.");
        var on = Many("--on", "FIELD: switches a flag on.");
        var off = Many("--off", "FIELD: switches a flag off.");
        var remove = Many("--remove", "TYPE:FIELD: removes a field (counter, set, register or flag).");
        var update = new Command("update", "Updates fields of the map, all at once.") { incr, add, drop, assign, on, off, remove };
        return new Command("map", "Keeps named fields of the other types.")
        {
            DataCall.Update(update, parsed =>
            {
                var updates = new Dictionary<(string, string), DynamoUpdate>();
                foreach (var (field, value) in Pairs(parsed, incr)) Take(updates, "a counter", field, DynamoUpdate.Increment(Number(field, value)));
                foreach (var group in Pairs(parsed, add).Select(p => (p.Field, p.Value, IsAdd: true)).Concat(Pairs(parsed, drop).Select(p => (p.Field, p.Value, IsAdd: false))).GroupBy(p => p.Field))
                {
                    Take(updates, "a set", group.Key, DynamoUpdate.Change(
                        group.Where(p => p.IsAdd).Select(p => Bytes(p.Value)), group.Where(p => !p.IsAdd).Select(p => Bytes(p.Value))));
                }
                foreach (var (field, value) in Pairs(parsed, assign)) Take(updates, "a register", field, DynamoUpdate.Assign(value));
                foreach (var field in parsed.GetValue(on) ?? []) Take(updates, "a flag", field, DynamoUpdate.Switch(true));
                foreach (var field in parsed.GetValue(off) ?? []) Take(updates, "a flag", field, DynamoUpdate.Switch(false));
                var removes = (parsed.GetValue(remove) ?? []).Select(Field).ToArray();
                if (updates.Count + removes.Length == 0) throw new UsageException("the map's update is empty: give at least one of --incr, --add, --drop, --assign, --on, --off, --remove");
                return DynamoUpdate.Map(updates.Select(u => KeyValuePair.Create(u.Key.Item2, u.Value)), removes);
            }),
            DataCall.Get<MapData>("map"),
        };
    }

    private static Option<string[]> Many(string name, string description) => new(name) { Description = $"{description} Repeatable." };

    private static void Take(Dictionary<(string, string), DynamoUpdate> updates, string type, string field, DynamoUpdate update)
    {
        if (!updates.TryAdd((type, field), update)) throw new UsageException($"the field {field} is updated twice as {type}");
    }

    private static IEnumerable<(string Field, string Value)> Pairs(ParseResult parsed, Option<string[]> option)
    {
        foreach (var text in parsed.GetValue(option) ?? [])
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1) throw new UsageException($"{option.Name} {text} is not FIELD=VALUE");
            yield return (text[..at], text[(at + 1)..]);
        }
    }

    private static long Number(string field, string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number : throw new UsageException($"--incr {field}={text}: {text} is not a whole number of 64 bits");

    private static ReadOnlyMemory<byte> Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static DynamoField Field(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        return at > 0 && Enum.TryParse<DynamoFieldType>(text[..at], ignoreCase: true, out var type) && Enum.IsDefined(type) && !char.IsDigit(text[0])
            ? new DynamoField(text[(at + 1)..], type) : throw new UsageException($"--remove {text} is not TYPE:FIELD with counter, set, register or flag");
    }
}
