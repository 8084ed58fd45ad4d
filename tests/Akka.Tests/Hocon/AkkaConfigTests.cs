using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Tests.Hocon;

public class AkkaConfigTests
{
    private static readonly Config Layered = ConfigurationFactory.ParseString("a { b = 1, s = 5 s, list = [x, y] }\ntop = over")
        .WithFallback(ConfigurationFactory.ParseString("a { b = 2, c = 3 }\ntop = under\nbottom = on"))
        .WithFallback(ConfigurationFactory.ParseString("a { d = 4 }"));

    [Fact]
    public void Values_come_from_the_first_layer_that_has_them()
    {
        Assert.Equal(1, Layered.GetInt("a.b"));
        Assert.Equal(3, Layered.GetInt("a.c"));
        Assert.Equal(4, Layered.GetInt("a.d"));
        Assert.Equal("over", Layered.GetString("top"));
        Assert.True(Layered.GetBoolean("bottom"));
        Assert.Equal(TimeSpan.FromSeconds(5), Layered.GetTimeSpan("a.s"));
        Assert.Equal(["x", "y"], Layered.GetStringList("a.list"));
        Assert.True(Layered.HasPath("a.d"));
        Assert.False(Layered.HasPath("a.e"));
    }

    [Fact]
    public void A_missing_value_is_the_default()
    {
        Assert.Equal(0, Layered.GetInt("none"));
        Assert.Equal(7, Layered.GetInt("none", 7));
        Assert.Null(Layered.GetString("none"));
        Assert.False(Layered.GetBoolean("none"));
        Assert.Equal(TimeSpan.Zero, Layered.GetTimeSpan("none"));
        Assert.Equal(TimeSpan.FromSeconds(1), Layered.GetTimeSpan("none", TimeSpan.FromSeconds(1)));
        Assert.Null(Layered.GetByteSize("none", null));
        Assert.Empty(Layered.GetStringList("none"));
        Assert.Null(Layered.GetConfig("none"));
    }

    [Fact]
    public void A_section_keeps_its_fallbacks()
    {
        var section = Layered.GetConfig("a");
        Assert.Equal(1, section.GetInt("b"));
        Assert.Equal(3, section.GetInt("c"));
        Assert.Equal(4, section.GetInt("d"));
        Assert.Equal(["b", "c", "d", "list", "s"], section.AsEnumerable().Select(i => i.Key).Order());
    }

    [Fact]
    public void A_config_prints_as_text_that_parses_to_the_same()
    {
        var again = ConfigurationFactory.ParseString(Layered.ToString(true));
        Assert.Equal(1, again.GetInt("a.b"));
        Assert.Equal(4, again.GetInt("a.d"));
        Assert.Equal(["x", "y"], again.GetStringList("a.list"));
        Assert.Equal("over", again.GetString("top"));
    }

    [Fact]
    public void A_string_is_a_config_and_a_config_adds_to_a_string()
    {
        Config config = "a.b = 1";
        Assert.Equal(1, config.GetInt("a.b"));
        Assert.Equal(2, (config + "a.c = 2").GetInt("a.c"));
        Assert.Equal(1, ("a.c = 2" + config).GetInt("a.b"));
    }

    [Fact]
    public void Empty_has_nothing_and_takes_its_fallback()
    {
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.True(ConfigurationFactory.ParseString("").IsEmpty);
        Assert.Equal(1, ConfigurationFactory.Empty.WithFallback("a = 1").GetInt("a"));
        Assert.True(((Config?)null).IsNullOrEmpty());
    }

    [Fact]
    public void The_defaults_are_at_hand() =>
        Assert.Equal("INFO", ConfigurationFactory.Default().GetString("akka.loglevel"));

    [Fact]
    public void Quoted_keys_are_one_key()
    {
        Config config = "deployment { \"/a/b.c\" { router = round-robin-pool } }";
        Assert.Equal("round-robin-pool", config.GetString("deployment.\"/a/b.c\".router"));
        Assert.Equal("/a/b.c", Assert.Single(config.GetConfig("deployment").AsEnumerable()).Key);
#if AKKA_BUNDLED
        Assert.Equal("round-robin-pool", ConfigurationFactory.ParseString(config.ToString()).GetString("deployment.\"/a/b.c\".router"));
#endif
    }

    [Fact]
    public void A_value_goes_under_a_key()
    {
        Config config = "a { b = 1 }";
        Assert.Equal(1, config.GetValue("a").AtKey("x").GetInt("x.b"));
        Assert.Equal(1, config.GetValue("a").ToConfig().GetInt("b"));
        Assert.Equal(1, config.Root.GetObject().GetKey("a").GetChildObject("b").GetInt());
    }

    [Fact]
    public void An_include_is_asked_for_by_name()
    {
        var config = ConfigurationFactory.ParseString("include \"base\"\nb = 2", name => Parser.Parse($"name = {name}, b = 1", null));
        Assert.Equal("base", config.GetString("name"));
        Assert.Equal(2, config.GetInt("b"));
    }

#if AKKA_BUNDLED
    [Fact]
    public void A_fault_names_its_place()
    {
        var error = Assert.Throws<ConfigurationException>(() => ConfigurationFactory.ParseString("a = 1\nb = ["));
        Assert.Contains("line 2, column 5", error.Message, StringComparison.Ordinal);
    }
#endif
}
