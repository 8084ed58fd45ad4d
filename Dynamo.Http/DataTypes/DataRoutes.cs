using System.Text.Json.Serialization.Metadata;
using Dynamo.Client;
using Dynamo.Client.DataTypes;
using Dynamo.Http.Answers;
using Dynamo.Http.Documents;
using Dynamo.Http.Errors;
using Dynamo.Http.Requests;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Dynamo.Http.DataTypes;

/// <summary>Reads and updates values that merge by themselves.</summary>
internal sealed class DataRoutes(NodeAccess node)
{
    private static readonly string[] Reads = RequestOptions.NamesOf(RequestOptions.Read);
    private static readonly string[] Writes = RequestOptions.NamesOf(RequestOptions.Write);

    public IEnumerable<Route> All =>
    [
        .. Of<CounterData, CounterUpdate>("counter", "Adds to a counter", UpdateText.Counter, HttpJson.Plain.CounterUpdate, UpdateText.Of, new CounterUpdate()),
        .. Of<SetData, SetUpdate>("set", "Adds elements to a set and removes others", UpdateText.Set, HttpJson.Plain.SetUpdate, UpdateText.Of),
        .. Of<RegisterData, RegisterUpdate>("register", "Writes a register", UpdateText.Register, HttpJson.Plain.RegisterUpdate, UpdateText.Of),
        .. Of<FlagData, FlagUpdate>("flag", "Switches a flag", UpdateText.Flag, HttpJson.Plain.FlagUpdate, UpdateText.Of),
        .. Of<MapData, MapUpdate>("map", "Updates fields of a map and removes others", UpdateText.Map, HttpJson.Plain.MapUpdate, UpdateText.Of),
    ];

    /// <param name="otherwise">The update that no body stands for; null: a body is needed.</param>
    private Route[] Of<TData, TUpdate>(string type, string summary, string example, JsonTypeInfo<TUpdate> json, Func<TUpdate, DynamoUpdate> read, TUpdate? otherwise = null)
        where TData : DynamoData
        where TUpdate : class
    {
        var pattern = $"/buckets/{{bucket}}/{type}s/{{key}}";
        var name = char.ToUpperInvariant(type[0]) + type[1..];
        return
        [
            new("GET", pattern, $"get{name}", "data types", $"Reads a {type}", GetAsync)
            {
                Parameters = [.. Names.Key, .. RequestOptions.Read],
                Answers =
                [
                    new(200, "The value.", typeof(DataDocument), MediaTypes.Json), Failures.Problem(404, "The key has no value."), Failures.OtherType, .. Failures.Request,
                ],
            },
            new("POST", pattern, $"update{name}", "data types", summary, PostAsync)
            {
                Description = "The update needs no context, and is sent again if a node does not answer: it counts once. To delete the key, delete it under /keys/.",
                Parameters = [.. Names.Key, .. RequestOptions.Write],
                Body = new(typeof(TUpdate), example, "Text in it is UTF-8; {\"base64\":\"…\"} stands for other bytes.", IsRequired: otherwise is null),
                Answers =
                [
                    new(200, "The receipt.", typeof(ReceiptDocument), MediaTypes.Json), Failures.OtherType, Failures.TooLarge, Failures.Problem(415, "The body is not application/json."),
                    .. Failures.Request,
                ],
            },
        ];

        async Task GetAsync(HttpContext http)
        {
            var key = PathNames.KeyOf(http);
            var got = await node.Client.GetAsync(key, RequestOptions.Of(new QueryText(http.Request, Reads)), http.RequestAborted);
            Answer.AddContext(http.Response, got.Context);
            if (!got.IsFound) throw Failures.NoValue(key);
            if (got is not { Values.Count: 0, Data: [TData data] }) throw new ProblemException(409, $"the key {key} holds {Held(got)}, not a {type} alone");
            await Answer.JsonAsync(http, new DataDocument(type, new DataValue(data), got.Context.ToString()), HttpJson.Plain.DataDocument);
        }

        async Task PostAsync(HttpContext http)
        {
            var (key, settings) = (PathNames.KeyOf(http), RequestOptions.Of(new QueryText(http.Request, Writes)));
            var update = read(await Body.JsonAsync(http, node.MaxValueBytes, json, example, otherwise));
            var put = await node.Client.ApplyAsync(key, update, settings, http.RequestAborted);
            Answer.AddContext(http.Response, put.Context);
            await Answer.JsonAsync(http, ReceiptDocument.Of(put), HttpJson.Plain.ReceiptDocument);
        }
    }

    private static string Held(GetResult got) =>
        string.Join(" and ", Enumerable.Repeat("a plain value", got.Values.Count).Concat(got.Data.Select(d => $"a {d.TypeName}")).Distinct());
}
