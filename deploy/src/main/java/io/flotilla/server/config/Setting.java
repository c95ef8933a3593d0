package io.flotilla.server.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Everything that can be set, in the order in which it is shown. */
public enum Setting {
  /** Directory of the store. */
  DATA(
      Group.NODE,
      Kind.directory(),
      "",
      "Directory of this node's store; made if it is missing. Required."),
  /** Address to bind. */
  LISTEN(Group.NODE, Kind.address(), "127.0.0.1:7001", "Where clients and other nodes connect."),
  /** Address for others. */
  ADVERTISE(
      Group.NODE,
      Kind.addressOrUnset(),
      "",
      "Address that others use; the listen address if not set."),
  /** Port for nodes alone, to bind. */
  PEER_LISTEN(
      Group.NODE,
      Kind.addressOrUnset(),
      "",
      "Where other nodes connect, apart from clients; not set: where clients do. With TLS it must"
          + " be set."),
  /** Port for nodes alone, for them. */
  PEER_ADVERTISE(
      Group.NODE,
      Kind.addressOrUnset(),
      "",
      "Address that other nodes use; the peer-listen address if not set."),
  /** First nodes. */
  JOIN(
      Group.NODE,
      Kind.addresses(),
      "",
      "The same list on every node of a new cluster, or any members of a running one, each where it"
          + " listens to nodes; not set: a cluster of one node."),
  /** Where the node stands. */
  LABELS(
      Group.NODE,
      Kind.labels(),
      "",
      "Labels of this node; no two voters of a shard are placed in one 'zone' while another zone"
          + " has none."),
  /** How long a stop may take. */
  SHUTDOWN_GRACE(
      Group.NODE,
      Kind.time(Duration.ofMillis(100), Duration.ofMinutes(5)),
      "10s",
      "How long leaders may take to be handed over, and calls under way to end, at a stop."),
  /** What the node shows. */
  TLS_CERTIFICATE(
      Group.SECURITY,
      Kind.fileOrUnset(),
      "",
      "Certificate of this node in PEM, then those up to its CA. It names the URI flotilla://node"
          + " and the hosts of advertise and peer-advertise. Not set: no TLS."),
  /** Key of the certificate. */
  TLS_KEY(
      Group.SECURITY,
      Kind.fileOrUnset(),
      "",
      "Key of tls-certificate in PEM, as PKCS #8 without a password."),
  /** Whom the node trusts. */
  TLS_CA(
      Group.SECURITY,
      Kind.fileOrUnset(),
      "",
      "CAs in PEM that sign the certificates of nodes and clients. The content of these three files"
          + " is looked at every two seconds and counts for new connections."),
  /** Whether clients show certificates. */
  TLS_CLIENT_AUTH(
      Group.SECURITY,
      Kind.oneOf("require", "request", "none"),
      "require",
      "Whether clients must show a certificate that tls-ca signed, may, or are not asked for one."
          + " Nodes always must."),
  /** Who may do what. */
  ACCESS(
      Group.SECURITY,
      Kind.fileOrUnset(),
      "",
      "File that says who may do what; docs/security.md describes it. Not set: whoever can connect"
          + " may do everything. Needs TLS. It is looked at as the certificates are."),
  /** What operators did. */
  AUDIT_LOG(
      Group.SECURITY,
      Kind.fileOrUnset(),
      "",
      "File to which a line of JSON is appended for each operation of an operator; not set: the"
          + " server's log has them. Needs access."),
  /** Connections of clients. */
  MAX_CONNECTIONS(
      Group.SECURITY,
      Kind.number(10, 1_000_000),
      "10000",
      "Connections to the port for clients at one time; more are closed at once."),
  /** Calls of one connection. */
  MAX_CALLS_PER_CONNECTION(
      Group.SECURITY,
      Kind.number(10, 100_000),
      "1000",
      "gRPC calls and streams of one connection at one time; more wait at the client."),
  /** Shard loops. */
  LOOPS(
      Group.THREADS, Kind.number(0, 64), "0", "Threads that run shards; 0: one a core, at most 4."),
  /** Threads that take requests. */
  REQUEST_THREADS(
      Group.THREADS, Kind.number(1, 64), "4", "Threads that take requests off the network."),
  /** Calls that wait for a loop. */
  MAILBOX_CALLS(
      Group.THREADS,
      Kind.number(1_024, 10_000_000),
      "65536",
      "Calls and messages of other nodes that may wait for one shard loop, and calls that may wait"
          + " for one shard; more are refused as overloaded."),
  /** Copies of a shard. */
  REPLICATION(Group.RAFT, Kind.number(1, 7), "3", "Copies of each shard in a new cluster."),
  /** Raft tick. */
  TICK(
      Group.RAFT,
      Kind.time(Duration.ofMillis(10), Duration.ofSeconds(10)),
      "100ms",
      "Raft's unit of time."),
  /** Ticks between heartbeats. */
  HEARTBEAT_TICKS(Group.RAFT, Kind.number(1, 100), "2", "Ticks between heartbeats."),
  /** Ticks without a leader before an election. */
  ELECTION_TICKS(
      Group.RAFT,
      Kind.number(3, 1_000),
      "10",
      "Least ticks without a leader before an election, at least three times heartbeat-ticks."),
  /** Reads without asking a quorum. */
  LEADER_LEASE(
      Group.RAFT,
      Kind.onOrOff(),
      "off",
      "Lets leaders answer reads without asking a quorum each time, while a quorum's promise to"
          + " elect nobody else holds: on all nodes or on none. Needs election-ticks of 30 or more,"
          + " and clocks that run equally fast to within a fifth: a machine that was frozen and"
          + " goes on (a paused or migrated VM) can answer reads with what is old."),
  /** Address space of the journal. */
  JOURNAL_SIZE(
      Group.STORAGE, Kind.size(64L << 20, 16L << 40), "16GiB", "Bound of the journal on disk."),
  /** Address space of the state. */
  STATE_SIZE(
      Group.STORAGE,
      Kind.size(64L << 20, 16L << 40),
      "256GiB",
      "Bound of the state store on disk."),
  /** Entries kept in memory. */
  LOG_CACHE_SIZE(
      Group.STORAGE,
      Kind.size(1L << 20, 64L << 30),
      "64MiB",
      "Memory for the newest entries of the logs, all shards together."),
  /** Bytes applied and not flushed. */
  MEMTABLE_SIZE(
      Group.STORAGE,
      Kind.size(1L << 20, 64L << 30),
      "32MiB",
      "Memory of what is applied and not in the state store yet, all shards together, from which"
          + " on it is flushed."),
  /** Time between flushes. */
  FLUSH_INTERVAL(
      Group.STORAGE,
      Kind.time(Duration.ofMillis(100), Duration.ofMinutes(10)),
      "5s",
      "Longest time between apply and flush, a tick at least; what is replayed after a crash grows"
          + " with it."),
  /** Bytes of snapshots that leave. */
  SNAPSHOT_SEND_RATE(
      Group.SNAPSHOTS,
      Kind.rate(),
      "64MiB",
      true,
      "Bytes a second that this node sends of snapshots, all together; unlimited: no bound."),
  /** Bytes of snapshots that come in. */
  SNAPSHOT_RECEIVE_RATE(
      Group.SNAPSHOTS,
      Kind.rate(),
      "64MiB",
      true,
      "Bytes a second that this node takes in of snapshots, all together; unlimited: no bound."),
  /** Snapshots at one time. */
  SNAPSHOTS_AT_ONCE(
      Group.SNAPSHOTS,
      Kind.number(1, 64),
      "4",
      true,
      "Snapshots that this node sends, and takes in, at once."),
  /** When a node is dead. */
  REPLACE_DEAD_AFTER(
      Group.PLACEMENT,
      Kind.time(Duration.ofSeconds(10), Duration.ofHours(24)),
      "5m",
      true,
      "How long a node may be silent until its replicas are rebuilt on others; the same on all"
          + " nodes."),
  /** Moves at one time. */
  MOVES_PER_NODE(
      Group.PLACEMENT,
      Kind.number(1, 64),
      "2",
      true,
      "Moves of replicas at one time that concern one node."),
  /** Size from which a shard is split. */
  SPLIT_SIZE(
      Group.PLACEMENT,
      Kind.sizeOrOff(1L << 20, 16L << 40),
      "128MiB",
      true,
      "Bytes of keys and values from which a shard is split in the middle by itself; off: never."
          + " The same on all nodes."),
  /** Load from which a shard is split. */
  SPLIT_LOAD(
      Group.PLACEMENT,
      Kind.numberOrOff(10, 10_000_000),
      "2500",
      true,
      "Requests a second from which a shard is split where they halve; off: never. The same on all"
          + " nodes."),
  /** Rest after a split. */
  SPLIT_PAUSE(
      Group.PLACEMENT,
      Kind.time(Duration.ofSeconds(1), Duration.ofHours(24)),
      "1m",
      true,
      "Rest of both halves after a split that the cluster made by itself."),
  /** Metrics and health. */
  HTTP_LISTEN(
      Group.SIGHT,
      Kind.addressOrOff(),
      "",
      "Where /metrics, /livez and /readyz are; the host of listen and its port + 1000 if not set;"
          + " off: nowhere."),
  /** Shards with metrics of their own. */
  METRICS_SHARDS(
      Group.SIGHT,
      Kind.number(0, 10_000),
      "100",
      true,
      "Shards of this node that have metrics of their own, those with the lowest ids; 0: none."),
  /** Waiting for the others after a start. */
  READY_PATIENCE(
      Group.SIGHT,
      Kind.timeOrOff(Duration.ofSeconds(1), Duration.ofHours(24)),
      "5m",
      "After a start a node is ready when every shard of the cluster has all its replicas and they"
          + " have caught up; or when it has waited so long for others. off: it does not wait."),
  /** Log level. */
  LOG_LEVEL(
      Group.SIGHT,
      Kind.oneOf("error", "warn", "info", "debug", "trace"),
      "info",
      true,
      "From which level on the log has events."),
  /** Form of the log. */
  LOG_FORMAT(
      Group.SIGHT, Kind.oneOf("text", "json"), "text", "One line of text, or of JSON, for each."),
  /** When a request is slow. */
  SLOW_REQUEST(
      Group.SIGHT,
      Kind.timeOrOff(Duration.ofMillis(1), Duration.ofHours(1)),
      "1s",
      true,
      "Requests that take longer are logged, at most ten a second; off: never.");

  private final Group group;
  private final Kind<?> kind;
  private final String defaultText;
  private final boolean reloadable;
  private final String description;

  Setting(Group group, Kind<?> kind, String defaultText, String description) {
    this(group, kind, defaultText, false, description);
  }

  Setting(Group group, Kind<?> kind, String defaultText, boolean reloadable, String description) {
    this.group = group;
    this.kind = kind;
    this.defaultText = defaultText;
    this.reloadable = reloadable;
    this.description = description;
  }

  /** What belongs together on the page about settings. */
  enum Group {
    NODE("The node and its cluster"),
    SECURITY("Security"),
    THREADS("Threads and queues"),
    RAFT("Raft"),
    STORAGE("Storage"),
    SNAPSHOTS("Snapshots between nodes"),
    PLACEMENT("Placement and splits"),
    SIGHT("Health, metrics and logs");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** As in a file and, after two dashes, as a flag. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As a variable of the environment. */
  public String variable() {
    return "FLOTILLA_" + name();
  }

  /** What a value looks like. */
  public String form() {
    return kind.form();
  }

  /** What a value may be, such as {@code 1 to 64}; empty where any of the form will do. */
  public String bounds() {
    return kind.bounds();
  }

  /** What holds where nothing is said; empty where the setting then is not set. */
  public String defaultText() {
    return defaultText;
  }

  /** Whether a running server takes a new value from its file. */
  public boolean reloadable() {
    return reloadable;
  }

  /** One or two sentences, without the bounds. */
  public String description() {
    return description;
  }

  Group group() {
    return group;
  }

  Kind<?> kind() {
    return kind;
  }

  /** The setting with a key; empty if there is none. */
  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }
}
