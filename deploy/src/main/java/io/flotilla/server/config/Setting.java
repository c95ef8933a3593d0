package io.flotilla.server.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Everything that can be set, in the order in which it is shown. */
public enum Setting {
  /** Directory of the store. */
  DATA("DIR", "", "Directory of this node's store; made if it is missing. Required."),
  /** Address to bind. */
  LISTEN("HOST:PORT", "127.0.0.1:7001", "Where clients and other nodes connect."),
  /** Address for others. */
  ADVERTISE("HOST:PORT", "", "Address that others use; the listen address if not set."),
  /** First nodes. */
  JOIN(
      "HOST:PORT,…",
      "",
      "The same list on every node of a new cluster, or any members of a running one; not set: a"
          + " cluster of one node."),
  /** Copies of a shard. */
  REPLICATION("N", "3", "Copies of each shard in a new cluster, 1 to 7."),
  /** Shard loops. */
  LOOPS("N", "0", "Threads that run shards, 1 to 64; 0: one a core, at most 4."),
  /** Threads that take requests. */
  REQUEST_THREADS("N", "4", "Threads that take requests off the network, 1 to 64."),
  /** Raft tick. */
  TICK("TIME", "100ms", "Raft's unit of time, 10ms to 10s."),
  /** Ticks between heartbeats. */
  HEARTBEAT_TICKS("N", "2", "Ticks between heartbeats, 1 to 100."),
  /** Ticks without a leader before an election. */
  ELECTION_TICKS("N", "10", "Least ticks without a leader before an election, 3 to 1000."),
  /** Reads without asking a quorum. */
  LEADER_LEASE(
      "on|off",
      "off",
      "Lets leaders answer reads without asking a quorum each time, while a quorum's promise to"
          + " elect nobody else holds: on all nodes or on none. Needs election-ticks of 30 or more,"
          + " and clocks that run equally fast to within a fifth: a machine that was frozen and"
          + " goes on (a paused or migrated VM) can answer reads with what is old."),
  /** Address space of the journal. */
  JOURNAL_SIZE("SIZE", "16GiB", "Bound of the journal on disk, 64MiB to 16TiB."),
  /** Address space of the state. */
  STATE_SIZE("SIZE", "256GiB", "Bound of the state store on disk, 64MiB to 16TiB."),
  /** Bytes of snapshots that leave. */
  SNAPSHOT_SEND_RATE(
      "RATE",
      "64MiB",
      "Bytes a second that this node sends of snapshots, all together, 1MiB or more; unlimited: no"
          + " bound."),
  /** Bytes of snapshots that come in. */
  SNAPSHOT_RECEIVE_RATE(
      "RATE",
      "64MiB",
      "Bytes a second that this node takes in of snapshots, all together, 1MiB or more; unlimited:"
          + " no bound."),
  /** Snapshots at one time. */
  SNAPSHOTS_AT_ONCE("N", "4", "Snapshots that this node sends, and takes in, at once, 1 to 64."),
  /** Where the node stands. */
  LABELS(
      "KEY=VALUE,…",
      "",
      "Labels of this node, at most 16; no two voters of a shard are placed in one 'zone' while"
          + " another zone has none."),
  /** When a node is dead. */
  REPLACE_DEAD_AFTER(
      "TIME",
      "5m",
      "How long a node may be silent until its replicas are rebuilt on others, 10s to 24h; the same"
          + " on all nodes."),
  /** Moves at one time. */
  MOVES_PER_NODE("N", "2", "Moves of replicas at one time that concern one node, 1 to 64."),
  /** Size from which a shard is split. */
  SPLIT_SIZE(
      "SIZE",
      "128MiB",
      "Bytes of keys and values from which a shard is split in the middle by itself, 1MiB to 16TiB;"
          + " off: never. The same on all nodes."),
  /** Load from which a shard is split. */
  SPLIT_LOAD(
      "N",
      "2500",
      "Requests a second from which a shard is split where they halve, 10 to 10000000; off: never."
          + " The same on all nodes."),
  /** Rest after a split. */
  SPLIT_PAUSE(
      "TIME",
      "1m",
      "Rest of both halves after a split that the cluster made by itself, 1s to 24h."),
  /** How long a stop may take. */
  SHUTDOWN_GRACE("TIME", "10s", "How long calls under way may take at a stop, 100ms to 5m."),
  /** Log level. */
  LOG_LEVEL("LEVEL", "info", "error, warn, info, debug or trace.");

  private final String form;
  private final String defaultText;
  private final String description;

  Setting(String form, String defaultText, String description) {
    this.form = form;
    this.defaultText = defaultText;
    this.description = description;
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
    return form;
  }

  /** What holds where nothing is said; empty where the setting then is not set. */
  public String defaultText() {
    return defaultText;
  }

  /** One sentence with the bounds. */
  public String description() {
    return description;
  }

  /** The setting with a key; empty if there is none. */
  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }
}
