using System.Text;
using Dynamo.Client;
using Dynamo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A node in your own program: it starts and stops with the program's host. For another file: dotnet run -- --config my.conf
var builder = Host.CreateApplicationBuilder(args);
var config = NodeConfig.Load(builder.Configuration["config"] ?? Path.Combine(AppContext.BaseDirectory, "node.conf"));
builder.Services.AddDynamoNode(config).AddDynamoClient(config.Contact);

using var host = builder.Build();
await host.StartAsync();

var dynamo = host.Services.GetRequiredService<DynamoClient>();
var cart = await dynamo.GetAsync("cart:1");
await dynamo.PutAsync("cart:1", "an apple and a pear"u8.ToArray(), cart.Context);
foreach (var value in (await dynamo.GetAsync("cart:1")).Values) Console.WriteLine($"cart:1 holds {Encoding.UTF8.GetString(value.Span)}");

await host.StopAsync();
