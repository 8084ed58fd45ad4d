using System.CommandLine;
using System.Text;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Cli.Shell;
using Dynamo.Client;
using Dynamo.Protocol;

namespace Dynamo.Cli.Commands;

/// <summary>`dynamo put`.</summary>
internal static class PutCommand
{
    private const int MaxBytes = 8 << 20;

    public static Command Create()
    {
        var key = new KeyOptions();
        var value = new Argument<string?>("value") { Description = "The value, as text.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--value-file") { Description = "Read the value from a file; '-' is standard input." };
        var write = new WriteOptions();
        var ttl = CommandLine.Ttl("How long the value lives: a number with ms, s, m, h or d, or never. Default: as the bucket says.");
        var ifAbsent = CommandLine.Flag("--if-absent", "Store it only if the key has no value. No lock: see docs/conditional-puts.md.");
        var command = write.AddTo(key.AddTo(new Command("put", "Stores a value, replacing what is there.") { value, file, ttl, ifAbsent }));
        command.SetAction(async (parsed, cancellation) =>
        {
            var bytes = await ValueAsync(parsed.GetValue(value), parsed.GetValue(file), cancellation);
            var dynamo = await Connections.ClientAsync(write.Over(parsed, await key.ClientAsync(parsed, cancellation)), cancellation);
            var settings = key.Settings(parsed) with { Ttl = parsed.GetValue(ttl) };
            if (parsed.GetValue(ifAbsent) && write.IsAny(parsed)) throw new UsageException("--if-absent excludes --context, --blind and --if-unchanged");
            var context = parsed.GetValue(ifAbsent) ? DynamoContext.None : await write.ContextAsync(parsed, dynamo, key.Key(parsed), settings, cancellation);
            var putting = parsed.GetValue(ifAbsent) ? dynamo.PutIfAbsentAsync(key.Key(parsed), bytes, settings, cancellation)
                : write.IsIfUnchanged(parsed) ? dynamo.PutIfUnchangedAsync(key.Key(parsed), bytes, context, settings, cancellation)
                : dynamo.PutAsync(key.Key(parsed), bytes, context, settings, cancellation);
            Receipt.Print(key.KeyText(parsed), await putting, "stored", parsed.GetValue(key.Json));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<byte[]> ValueAsync(string? text, string? file, CancellationToken cancellation)
    {
        if ((text is null) == (file is null)) throw new UsageException("one value is wanted: as an argument, or with --value-file");
        if (text is not null) return Encoding.UTF8.GetBytes(text);
        try
        {
            await using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file!);
            return await BoundedAsync(input, file!, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--value-file {file}: {e.Message}");
        }
    }

    // Bounded because some files never end; the nodes check the cluster's own limit.
    private static async Task<byte[]> BoundedAsync(Stream input, string name, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await input.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes) throw new UsageException($"--value-file {name} has more than {MaxBytes} bytes, the most that any cluster accepts (dynamo.limits.value-bytes)");
        }
        return bytes.ToArray();
    }
}
