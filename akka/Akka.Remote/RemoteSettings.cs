using System.Globalization;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Remote;

/// <summary>The settings of <c>akka.remote</c>; Configuration/Remote.conf says what each means.</summary>
public class RemoteSettings
{
    public RemoteSettings(Config config)
    {
        Config = config;
        LogReceive = config.GetBoolean("akka.remote.log-received-messages", false);
        LogSend = config.GetBoolean("akka.remote.log-sent-messages", false);
        UntrustedMode = config.GetBoolean("akka.remote.untrusted-mode", false);
        TrustedSelectionPaths = [.. config.GetStringList("akka.remote.trusted-selection-paths", [])];
        RemoteLifecycleEventsLogLevel = LogLevelOf(config.GetString("akka.remote.log-remote-lifecycle-events", "DEBUG"));
        Dispatcher = config.GetString("akka.remote.use-dispatcher", string.Empty);
        LogBufferSizeExceeding = LimitOf(config, "akka.remote.log-buffer-size-exceeding");
        ShutdownTimeout = Time(config, "shutdown-timeout");
        FlushWait = Time(config, "flush-wait-on-shutdown");
        StartupTimeout = Time(config, "startup-timeout");
        RetryGateClosedFor = Time(config, "retry-gate-closed-for");
        UsePassiveConnections = config.GetBoolean("akka.remote.use-passive-connections", true);
        BackoffPeriod = Time(config, "backoff-interval");
        CommandAckTimeout = Time(config, "command-ack-timeout");
        SysMsgAckTimeout = Time(config, "system-message-ack-piggyback-timeout");
        SysResendTimeout = Time(config, "resend-interval");
        SysResendLimit = config.GetInt("akka.remote.resend-limit", 0);
        SysMsgBufferSize = config.GetInt("akka.remote.system-message-buffer-size", 0);
        InitialSysMsgDeliveryTimeout = Time(config, "initial-system-message-delivery-timeout");
        QuarantineSilentSystemTimeout = Time(config, "quarantine-after-silence");
        QuarantineDuration = Time(config, "prune-quarantine-marker-after");
        WatchFailureDetectorConfig = config.GetConfig("akka.remote.watch-failure-detector");
        WatchFailureDetectorImplementationClass = WatchFailureDetectorConfig.GetString("implementation-class", null);
        WatchHeartBeatInterval = WatchFailureDetectorConfig.GetTimeSpan("heartbeat-interval", null, true);
        WatchUnreachableReaperInterval = WatchFailureDetectorConfig.GetTimeSpan("unreachable-nodes-reaper-interval", null, true);
        WatchHeartbeatExpectedResponseAfter = WatchFailureDetectorConfig.GetTimeSpan("expected-response-after", null, true);
        OutboundBufferBytes = config.GetByteSize("akka.remote.outbound-buffer-size", null) ?? 64 * 1024 * 1024;
        TransportNames = config.GetStringList("akka.remote.enabled-transports", []);
        Adapters = AdaptersOf(config);
        Transports = [.. TransportNames.Select(name => new TransportSettings(TransportConfig(config, name)))];
    }

    public Config Config { get; }

    public HashSet<string> TrustedSelectionPaths { get; set; }

    public bool LogReceive { get; set; }

    public bool LogSend { get; set; }

    public bool UntrustedMode { get; set; }

    public string RemoteLifecycleEventsLogLevel { get; set; }

    public string Dispatcher { get; set; }

    public int LogBufferSizeExceeding { get; set; }

    public TimeSpan ShutdownTimeout { get; set; }

    public TimeSpan FlushWait { get; set; }

    public TimeSpan StartupTimeout { get; set; }

    public TimeSpan RetryGateClosedFor { get; set; }

    public bool UsePassiveConnections { get; set; }

    public TimeSpan BackoffPeriod { get; set; }

    public TimeSpan CommandAckTimeout { get; set; }

    public TimeSpan SysMsgAckTimeout { get; set; }

    public TimeSpan SysResendTimeout { get; set; }

    public int SysResendLimit { get; set; }

    public int SysMsgBufferSize { get; set; }

    public TimeSpan InitialSysMsgDeliveryTimeout { get; set; }

    public TimeSpan QuarantineSilentSystemTimeout { get; set; }

    public TimeSpan? QuarantineDuration { get; set; }

    public Config WatchFailureDetectorConfig { get; set; }

    public string WatchFailureDetectorImplementationClass { get; set; }

    public TimeSpan WatchHeartBeatInterval { get; set; }

    public TimeSpan WatchUnreachableReaperInterval { get; set; }

    public TimeSpan WatchHeartbeatExpectedResponseAfter { get; set; }

    public TransportSettings[] Transports { get; set; }

    public IDictionary<string, string> Adapters { get; set; }

    public IList<string> TransportNames { get; set; }

    /// <summary>Most bytes that wait for one peer; what comes beyond goes to dead letters.</summary>
    internal long OutboundBufferBytes { get; }

    internal bool LogsLifecycleEvents => RemoteLifecycleEventsLogLevel != "OFF";

    public Props ConfigureDispatcher(Props props) => Dispatcher.Length == 0 ? props : props.WithDispatcher(Dispatcher);

    private static TimeSpan Time(Config config, string key) => config.GetTimeSpan("akka.remote." + key, null, true);

    private static string LogLevelOf(string value) => value.ToUpperInvariant() switch
    {
        "ON" or "TRUE" or "YES" => "DEBUG",
        "OFF" or "FALSE" or "NO" => "OFF",
        var level => level,
    };

    private static int LimitOf(Config config, string key)
    {
        var value = config.GetString(key, "off");
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : int.MaxValue;
    }

    private static Config TransportConfig(Config config, string path) => config.HasPath(path)
        ? config.GetConfig(path)
        : throw new ConfigurationException($"akka.remote.enabled-transports names '{path}', but there is no such section");

    private static Dictionary<string, string> AdaptersOf(Config config)
    {
        const string section = "akka.remote.adapters";
        return config.HasPath(section)
            ? config.GetConfig(section).AsEnumerable().ToDictionary(entry => entry.Key, entry => entry.Value.GetString())
            : [];
    }

    public class TransportSettings
    {
        public TransportSettings(Config config)
        {
            TransportClass = config.GetString("transport-class", null);
            Adapters = config.GetStringList("applied-adapters", []).Reverse().ToList();
            Config = config;
        }

        public string TransportClass { get; set; }

        public IList<string> Adapters { get; set; }

        public Config Config { get; set; }
    }
}
