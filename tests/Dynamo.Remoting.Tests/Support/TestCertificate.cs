using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dynamo.Remoting.Tests.Support;

/// <summary>A self-signed certificate in a file that is deleted with it.</summary>
public sealed class TestCertificate : IDisposable
{
    private const string Password = "for the test";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.pfx");

    public TestCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=node.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(_path, certificate.Export(X509ContentType.Pkcs12, Password));
    }

    public string Hocon(bool suppressValidation = true, bool mutual = true, bool hostname = false) => $$"""
        enable-ssl = on
        ssl {
          certificate { path = "{{_path}}", password = "{{Password}}" }
          suppress-validation = {{On(suppressValidation)}}
          require-mutual-authentication = {{On(mutual)}}
          validate-certificate-hostname = {{On(hostname)}}
        }
        """;

    public void Dispose() => File.Delete(_path);

    private static string On(bool on) => on ? "on" : "off";
}
