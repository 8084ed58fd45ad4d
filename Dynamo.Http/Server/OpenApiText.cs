using Dynamo.Http.Documents;
using Dynamo.Http.Routing;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dynamo.Http.Server;

/// <summary>Says in the OpenAPI document what the routes say of themselves.</summary>
internal static class OpenApiText
{
    public static void Set(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "AkkaDynamo",
                Version = "v1",
                Description = "A node of a Dynamo-style key-value store. Examples: docs/http.md. Failures are RFC 9457 problems.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(FillAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Their converters hide their shapes.
            if (context.JsonTypeInfo.Type == typeof(ByteText)) schema.Description = "Text, where the bytes are UTF-8; otherwise {\"base64\": \"…\"}.";
            else if (context.JsonTypeInfo.Type == typeof(DataValue)) schema.Description = "Counter: a number. Set: a list. Register: bytes or null. Flag: true or false. Map: a list of {field, type, value}.";
            return Task.CompletedTask;
        });
    }

    private static async Task FillAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Route>().SingleOrDefault() is not { } route) return;
        operation.OperationId = route.Name;
        operation.Summary = route.Summary;
        operation.Description = route.Description.Length > 0 ? route.Description : null;
        operation.Tags = new HashSet<OpenApiTagReference> { new(route.Group, context.Document) };
        operation.Parameters = [.. route.Parameters.Select(p => (IOpenApiParameter)new OpenApiParameter
        {
            Name = p.Name, Description = p.Description, Required = p.Place == ParameterPlace.Path,
            In = p.Place switch { ParameterPlace.Path => ParameterLocation.Path, ParameterPlace.Query => ParameterLocation.Query, _ => ParameterLocation.Header },
            Schema = new OpenApiSchema { Type = p.Type == typeof(int) ? JsonSchemaType.Integer : JsonSchemaType.String },
        })];
        operation.RequestBody = route.Body is not { } body ? null : new OpenApiRequestBody
        {
            Description = body.Description,
            Required = body.IsRequired,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [body.Type is null ? MediaTypes.Bytes : MediaTypes.Json] = new()
                {
                    Schema = await SchemaAsync(body.Type, context, cancellation),
                    Example = body.Type is null ? null : System.Text.Json.Nodes.JsonNode.Parse(body.Example),
                },
            },
        };
        operation.Responses = [];
        foreach (var answer in route.Answers)
        {
            var content = new Dictionary<string, OpenApiMediaType>();
            foreach (var type in answer.MediaTypes)
            {
                var isDocument = type is MediaTypes.Json or MediaTypes.Problem;
                content[type] = new OpenApiMediaType { Schema = await SchemaAsync(isDocument ? answer.Type ?? typeof(KeyDocument) : null, context, cancellation) };
            }
            operation.Responses[$"{answer.Status}"] = new OpenApiResponse { Description = answer.Description, Content = content };
        }
    }

    // Each document is described once, and referred to.
    private static async Task<IOpenApiSchema> SchemaAsync(Type? type, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (type is null) return new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        if (context.Document!.Components?.Schemas?.ContainsKey(type.Name) != true)
            context.Document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellation));
        return new OpenApiSchemaReference(type.Name, context.Document);
    }
}
