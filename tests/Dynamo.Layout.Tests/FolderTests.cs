namespace Dynamo.Layout.Tests;

/// <summary>A project's folders import each other without a circle.</summary>
public sealed class FolderTests
{
    // The types that a program uses, options and exceptions, are in the top namespace of a library, so that one `using` is enough; the inner
    // folders take and throw them.
    private static readonly (string Importer, string Imported)[] Allowed =
    [
        ("Dynamo.Client.Proxy", "Dynamo.Client"),
        ("Dynamo.Hosting.Hocon", "Dynamo.Hosting"),
    ];

    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_form_no_circle(string project)
    {
        var imports = new Imports(Repository.SourcesOf(project));
        foreach (var (importer, imported) in Allowed.Where(a => imports.Has(a.Importer, a.Imported))) imports.Remove(importer, imported);
        var circle = imports.Circle();
        Assert.True(circle is null, $"folders of {project} import each other: {circle}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_file_s_namespace_is_its_folder(string project) =>
        Assert.All(Repository.SourcesOf(project), source => Assert.Equal(source.Folder, source.Namespace ?? source.Folder));

    [Fact]
    public void Allowed_imports_are_still_needed() =>
        Assert.All(Allowed, a => Assert.True(new Imports(Repository.SourcesOf(a.Imported)).Has(a.Importer, a.Imported), $"{a.Importer} no longer imports {a.Imported}"));

    [Theory]
    [InlineData("using P.B;", "using P.C;", "using P.A;", "P.A → P.B → P.C → P.A")]
    [InlineData("using static P.B.Helper;", "using X = P.A.Thing;", "", "P.A → P.B → P.A")]
    [InlineData("", "var x = new P.C.Thing();", "using P.B;", "P.B → P.C → P.B")]
    [InlineData("using P.B; using P.C;", "using P.C;", "// using P.A;", null)]
    [InlineData("using P;", "var x = P.Other;", "using P.A; using P.B;", null)]
    public void A_circle_is_found_and_named(string a, string b, string c, string? circle) =>
        Assert.Equal(circle, new Imports([Source.Of("P.A", a), Source.Of("P.B", b), Source.Of("P.C", c)]).Circle());

    [Theory]
    [InlineData("using P.Inner; class Door { }", "namespace P.Inner; class Room(Door door);", "P → P.Inner → P")]
    [InlineData("using P.Inner; class Door { }", "namespace P.Inner; class Room;", null)]
    public void A_folder_imports_the_one_around_it_by_naming_its_types(string outer, string inner, string? circle) =>
        Assert.Equal(circle, new Imports([Source.Of("P", outer), Source.Of("P.Inner", inner)]).Circle());
}
