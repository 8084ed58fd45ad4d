using Hocon;
using HoconConfig = global::Hocon.Config;

namespace Akka.Tests.Hocon;

public class HoconConfigTests
{
    [Fact]
    public void A_fallback_gives_what_is_not_defined()
    {
        HoconConfig config = HoconConfigurationFactory.ParseString("a { b = 1, list = [1] }")
            .WithFallback(HoconConfigurationFactory.ParseString("a { b = 2, c = 3, list = [2, 3] }\nd = 4"));
        Assert.Equal(1, config.GetInt("a.b"));
        Assert.Equal(3, config.GetInt("a.c"));
        Assert.Equal(4, config.GetInt("d"));
        Assert.Equal([1], config.GetIntList("a.list"));
        Assert.Equal(3, config.GetConfig("a").GetInt("c"));
    }

    [Fact]
    public void A_file_is_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "a = 1\nb { c = 2 }");
            Assert.Equal(2, HoconConfigurationFactory.FromFile(path).GetInt("b.c"));
#if AKKA_BUNDLED
            File.WriteAllText(path, "a = [");
            var error = Assert.Throws<HoconParserException>(() => HoconConfigurationFactory.FromFile(path));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
#endif
        }
        finally
        {
            File.Delete(path);
        }
    }
}
