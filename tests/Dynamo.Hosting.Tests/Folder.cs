namespace Dynamo.Hosting.Tests;

/// <summary>A folder that is deleted with its test.</summary>
public sealed class Folder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("dynamo-hosting-test-").FullName;

    public string At(string name) => Path.Combine(_path, name);

    public string Write(string name, string text)
    {
        var path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
