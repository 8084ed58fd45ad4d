using Dynamo.Client;
using ShoppingCart;

// The paper's shopping cart, against a running cluster (`dynamo up`):
//   dotnet run -- cart:1 add apple
//   dotnet run -- cart:1 remove apple
//   dotnet run -- cart:1
if (args is not ([_] or [_, "add" or "remove", _]) || args[^1].Contains('\t'))
{
    Console.Error.WriteLine("usage: ShoppingCart KEY [add|remove ITEM]");
    return 2;
}
try
{
    await using var dynamo = await DynamoClient.ConnectAsync("127.0.0.1:7100");
    var found = await dynamo.GetAsync(args[0]);
    // Siblings are carts that were changed concurrently: by two programs at once, or on both sides of a network partition.
    var cart = found.Values.Select(value => Cart.Load(value.Span)).Aggregate(Cart.Empty, (a, b) => a.Merge(b));
    if (args is [_, var act, var item])
    {
        cart = act == "add" ? cart.Add(item) : cart.Remove(item);
        // The context tells which siblings this cart replaces; one that is written meanwhile stays beside it.
        await dynamo.PutAsync(args[0], cart.Save(), found.Context);
    }
    foreach (var (name, pieces) in cart.Items) Console.WriteLine($"{pieces} {name}");
    return 0;
}
catch (DynamoException e)
{
    Console.Error.WriteLine($"ShoppingCart: {e.Message}");
    return 1;
}
