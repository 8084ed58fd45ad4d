namespace Dynamo.Http.Documents;

/// <param name="Status">live or ready.</param>
internal sealed record HealthDocument(string Status, string Node);
