using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace Dynamo.Remoting;

/// <summary>The section <c>ssl</c> or, if it names no certificate, the <see cref="DotNettySslSetup"/> that the actor system was made with.</summary>
/// <param name="Certificate">This node's certificate, with its private key.</param>
/// <param name="SuppressValidation">A peer's certificate needs no valid chain.</param>
/// <param name="RequireMutualAuthentication">The connecting side shows a certificate too.</param>
/// <param name="ValidateHostname">A server's certificate must match the host that was connected to.</param>
/// <param name="Custom">Decides in place of the three checks, if set.</param>
internal sealed record TlsSettings(
    X509Certificate2 Certificate,
    bool SuppressValidation,
    bool RequireMutualAuthentication,
    bool ValidateHostname,
    CertificateValidationCallback? Custom)
{
    /// <exception cref="ConfigurationException">There is no usable certificate with a private key.</exception>
    public static TlsSettings From(ActorSystem system, Config config)
    {
        var setup = system.Settings.Setup.Get<DotNettySslSetup>();
        var settings = setup.HasValue && string.IsNullOrWhiteSpace(config.GetString("certificate.path", "")) && !ByThumbprint(config)
            ? new TlsSettings(
                setup.Value.Certificate, setup.Value.SuppressValidation, setup.Value.RequireMutualAuthentication,
                setup.Value.ValidateCertificateHostname, setup.Value.CustomValidator)
            : new TlsSettings(
                Load(config), config.GetBoolean("suppress-validation", false), config.GetBoolean("require-mutual-authentication", true),
                config.GetBoolean("validate-certificate-hostname", false), Custom: null);
        return settings.Certificate.HasPrivateKey ? settings : throw new ConfigurationException("ssl.certificate has no private key");
    }

    /// <summary>Judges a peer's certificate.</summary>
    /// <param name="ofServer">Only a server's certificate can be expected to name its host.</param>
    public RemoteCertificateValidationCallback Validator(string peer, ILoggingAdapter log, bool ofServer) => (_, certificate, chain, errors) =>
    {
        if (Custom is not null) return Custom(certificate as X509Certificate2, chain, peer, errors, log);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return false;
        if (!ofServer || !ValidateHostname) errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
        if (SuppressValidation) errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        return errors == SslPolicyErrors.None;
    };

    private static X509Certificate2 Load(Config config)
    {
        var path = config.GetString("certificate.path", "");
        try
        {
            if (ByThumbprint(config)) return FromStore(config);
            if (string.IsNullOrWhiteSpace(path)) throw new ConfigurationException("ssl.certificate.path is empty, must name a PKCS#12 file (enable-ssl is on)");
            var flags = config.GetStringList("certificate.flags", []).Aggregate(X509KeyStorageFlags.DefaultKeySet, (all, flag) => all | Flag(flag));
            return X509CertificateLoader.LoadPkcs12FromFile(path, config.GetString("certificate.password", null), flags);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"ssl.certificate cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A misspelling of the setting's name works too.</summary>
    private static bool ByThumbprint(Config config) =>
        config.GetBoolean("certificate.use-thumbprint-over-file", false) || config.GetBoolean("certificate.use-thumprint-over-file", false);

    private static X509Certificate2 FromStore(Config config)
    {
        var thumbprint = config.GetString("certificate.thumbprint", "");
        if (string.IsNullOrWhiteSpace(thumbprint)) throw new ConfigurationException("ssl.certificate.thumbprint is empty, and use-thumbprint-over-file is on");
        var location = config.GetString("certificate.store-location", "current-user") switch
        {
            "current-user" => StoreLocation.CurrentUser,
            "local-machine" => StoreLocation.LocalMachine,
            var other => throw new ConfigurationException($"ssl.certificate.store-location is \"{other}\", must be current-user or local-machine"),
        };
        using var store = new X509Store(config.GetString("certificate.store-name", "My"), location);
        store.Open(OpenFlags.ReadOnly);
        var found = store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: !config.GetBoolean("suppress-validation", false));
        return found.Count > 0 ? found[0] : throw new ConfigurationException($"ssl.certificate.thumbprint {thumbprint} fits no valid certificate in the store");
    }

    private static X509KeyStorageFlags Flag(string flag) => flag switch
    {
        "default-key-set" => X509KeyStorageFlags.DefaultKeySet,
        "exportable" => X509KeyStorageFlags.Exportable,
        "machine-key-set" => X509KeyStorageFlags.MachineKeySet,
        "persist-key-set" => X509KeyStorageFlags.PersistKeySet,
        "user-key-set" => X509KeyStorageFlags.UserKeySet,
        "user-protected" => X509KeyStorageFlags.UserProtected,
        _ => throw new ConfigurationException($"ssl.certificate.flags has \"{flag}\", which is no key storage flag"),
    };
}
