using System.Text;
using Dynamo.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A client in your own program, against a running cluster (`dynamo up`). For another address: dotnet run -- --contact host:port
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddDynamoClient(builder.Configuration["contact"] ?? "127.0.0.1:7100").AddHostedService<Visits>();
await builder.Build().RunAsync();

/// <summary>Adds a visit each second. Visits that two programs add at the same time become siblings, which the next visit merges into one list.</summary>
internal sealed class Visits(DynamoClient dynamo) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await second.WaitForNextTickAsync(stoppingToken))
        {
            var seen = await dynamo.GetAsync("visits", cancellation: stoppingToken);
            var visits = seen.Values.SelectMany(v => Encoding.UTF8.GetString(v.Span).Split(' ')).ToHashSet();
            visits.Add(Guid.NewGuid().ToString("N")[..8]);
            await dynamo.PutAsync("visits", Encoding.UTF8.GetBytes(string.Join(' ', visits)), seen.Context, cancellation: stoppingToken);
            Console.WriteLine($"{visits.Count} visits");
        }
    }
}
