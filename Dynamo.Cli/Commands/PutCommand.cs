using System.CommandLine;
using System.Text;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
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
        var command = write.AddTo(key.AddTo(new Command("put", "Stores a value, replacing what is there.") { value, file }));
        command.SetAction(async (parsed, cancellation) =>
        {
            var bytes = await ValueAsync(parsed.GetValue(value), parsed.GetValue(file), cancellation);
            // Not disposed: the process exits after the answer, and an orderly shutdown would take longer than the request.
            var dynamo = await DynamoClient.ConnectAsync(write.Over(parsed, await key.ClientAsync(parsed, cancellation)), cancellation);
            var context = await write.ContextAsync(parsed, dynamo, key.Key(parsed), key.Settings(parsed), cancellation);
            var put = await dynamo.PutAsync(key.Key(parsed), bytes, context, key.Settings(parsed), cancellation);
            Receipt.Print(key.KeyText(parsed), put, "stored", parsed.GetValue(key.Json));
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
