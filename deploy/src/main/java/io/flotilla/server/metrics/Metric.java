package io.flotilla.server.metrics;

import java.util.List;

/**
 * Every metric of Flotilla itself; those of the JVM and the process come from Prometheus' library.
 */
enum Metric {
  BUILD_INFO(Type.INFO, "flotilla_build_info", "Always 1.", "version"),
  NODE_INFO(
      Type.INFO,
      "flotilla_node_info",
      "Always 1 once the node is part of a cluster.",
      "node",
      "cluster",
      "address"),
  NODE_SERVING(
      Type.GAUGE, "flotilla_node_serving", "1 while the node is part of a cluster and serves."),
  NODE_READY(Type.GAUGE, "flotilla_node_ready", "1 while /readyz says so."),
  NODES(Type.GAUGE, "flotilla_nodes", "Nodes of the cluster, as this one knows it."),
  SHARDS(Type.GAUGE, "flotilla_shards", "Shards of the cluster, as this node knows it."),
  SCRAPE_COMPLETE(
      Type.GAUGE,
      "flotilla_scrape_complete",
      "0 where a shard loop did not answer in time, so that what it knows is missing."),

  REQUESTS(
      Type.COUNTER,
      "flotilla_requests_total",
      "Requests answered. source: client, or node for what another node passed on. outcome: ok or"
          + " the error's code in lower case.",
      "method",
      "source",
      "outcome"),
  REQUEST_DURATION(
      Type.HISTOGRAM,
      "flotilla_request_duration_seconds",
      "Time from reading a request to its answer.",
      "method",
      "source"),
  REQUESTS_IN_FLIGHT(
      Type.GAUGE, "flotilla_requests_in_flight", "Requests read and not answered yet."),
  ROUTER_CALLS(
      Type.COUNTER,
      "flotilla_router_calls_total",
      "Calls that this node's router made to other nodes. outcome: answered, failed (no answer),"
          + " refused (the node is left alone).",
      "outcome"),
  ROUTER_RETRIES(
      Type.COUNTER, "flotilla_router_retries_total", "Tries of requests beyond the first."),
  BREAKERS_OPENED(
      Type.COUNTER,
      "flotilla_router_breakers_opened_total",
      "How often the router began to leave a node alone, or a probe of it failed."),
  BREAKERS_OPEN(
      Type.GAUGE, "flotilla_router_breakers_open", "Nodes that the router leaves alone now."),

  REPLICAS(
      Type.GAUGE,
      "flotilla_replicas",
      "Replicas here. role: leader, follower, pre_candidate, candidate, learner or stopped.",
      "role"),
  SHARDS_DEGRADED(
      Type.GAUGE,
      "flotilla_shards_degraded",
      "Shards led here of which another voter is silent or lags far behind."),
  REPLICAS_LEADERLESS(
      Type.GAUGE, "flotilla_replicas_leaderless", "Replicas here that know of no leader."),
  REPLICAS_BEHIND(
      Type.GAUGE,
      "flotilla_replicas_behind",
      "Replicas here that have not applied what they know to be committed, but for a little."),
  PROPOSALS(Type.COUNTER, "flotilla_raft_proposals_total", "Entries that leaders here proposed."),
  COMMANDS(Type.COUNTER, "flotilla_raft_commands_total", "Commands of clients in these proposals."),
  COMMIT_DURATION(
      Type.HISTOGRAM,
      "flotilla_raft_commit_duration_seconds",
      "Time from proposing an entry until it is committed and applied here."),
  ENTRIES_APPLIED(
      Type.COUNTER, "flotilla_raft_entries_applied_total", "Entries that replicas here applied."),
  ELECTIONS(
      Type.COUNTER,
      "flotilla_raft_leadership_changes_total",
      "Changes of what replicas here are. change: campaigned, gained or lost.",
      "change"),
  PEER_MESSAGES(
      Type.COUNTER,
      "flotilla_peer_messages_total",
      "Messages of Raft to other nodes. outcome: sent, or dropped because the node cannot be"
          + " reached or takes nothing.",
      "outcome"),
  PEER_BYTES(Type.COUNTER, "flotilla_peer_sent_bytes_total", "Bytes of these messages, about."),
  PEER_RECEIVED(
      Type.COUNTER, "flotilla_peer_messages_received_total", "Messages of Raft of other nodes."),
  LOOP_TURN(
      Type.HISTOGRAM,
      "flotilla_loop_turn_duration_seconds",
      "Time of a turn of a shard loop; while one lasts, its shards do nothing else."),
  MAILBOX(
      Type.GAUGE,
      "flotilla_loop_mailbox_messages",
      "Calls and messages that wait for a shard loop.",
      "loop"),
  MAILBOX_REFUSED(
      Type.COUNTER,
      "flotilla_loop_mailbox_refused_total",
      "Calls refused and messages dropped because a mailbox was full."),
  SESSIONS(Type.GAUGE, "flotilla_sessions", "Sessions of clients that the shards led here keep."),
  OPERATIONS(
      Type.GAUGE,
      "flotilla_operations",
      "Operations in the catalog, those that ended a while ago left out; where the system shard is"
          + " led.",
      "cause",
      "state"),

  JOURNAL_COMMIT(
      Type.HISTOGRAM,
      "flotilla_journal_commit_duration_seconds",
      "Time of a commit of the journal, the sync included."),
  JOURNAL_BATCHES(
      Type.HISTOGRAM,
      "flotilla_journal_commit_batches",
      "Batches of shard loops in a commit of the journal."),
  JOURNAL_BYTES(
      Type.COUNTER, "flotilla_journal_written_bytes_total", "Bytes that loops gave the journal."),
  STATE_COMMIT(
      Type.HISTOGRAM,
      "flotilla_state_flush_duration_seconds",
      "Time of a commit of the state store, the sync included."),
  STATE_BYTES(
      Type.COUNTER,
      "flotilla_state_written_bytes_total",
      "Bytes that loops gave the state store to flush."),
  STORE_USED(
      Type.GAUGE, "flotilla_store_used_bytes", "Bytes in use. store: journal or state.", "store"),
  STORE_MAX(Type.GAUGE, "flotilla_store_max_bytes", "What it may grow to.", "store"),
  STORE_QUEUED(
      Type.GAUGE, "flotilla_store_queued_bytes", "Bytes that wait to be written.", "store"),
  STORE_FULL(
      Type.GAUGE, "flotilla_store_full", "1 while writes wait because there is no room.", "store"),
  DISK_FREE(Type.GAUGE, "flotilla_disk_free_bytes", "Free bytes of the disk that the store is on."),
  MEMTABLE(
      Type.GAUGE,
      "flotilla_memtable_bytes",
      "Bytes applied and not in the state store yet, all replicas together."),
  SNAPSHOT_BYTES(
      Type.COUNTER,
      "flotilla_snapshot_bytes_total",
      "Bytes of snapshots. direction: sent or received.",
      "direction"),
  SNAPSHOTS(
      Type.COUNTER,
      "flotilla_snapshots_total",
      "Snapshots that came to an end. outcome: done or failed.",
      "direction",
      "outcome"),

  CONFIG_RELOADS(
      Type.COUNTER,
      "flotilla_config_reloads_total",
      "How often the settings' file changed. outcome: done, or refused for a mistake in it.",
      "outcome"),
  LOG_EVENTS(Type.COUNTER, "flotilla_log_events_total", "Events in the log, by level.", "level"),

  SHARD_LEADER(
      Type.GAUGE, "flotilla_shard_leader", "1 where this node leads the shard, else 0.", "shard"),
  SHARD_TERM(Type.GAUGE, "flotilla_shard_term", "Term of the replica here.", "shard"),
  SHARD_LAST(Type.GAUGE, "flotilla_shard_last_index", "Newest entry in the log here.", "shard"),
  SHARD_COMMIT(
      Type.GAUGE, "flotilla_shard_commit_index", "Newest entry known to be committed.", "shard"),
  SHARD_APPLIED(Type.GAUGE, "flotilla_shard_applied_index", "Newest entry applied here.", "shard"),
  SHARD_LAG(
      Type.GAUGE,
      "flotilla_shard_lag_entries",
      "Entries that the slowest voter lacks, where the shard is led.",
      "shard"),
  SHARD_DEGRADED(
      Type.GAUGE,
      "flotilla_shard_degraded",
      "1 if another voter is silent or lags far behind, where the shard is led.",
      "shard"),
  SHARD_SIZE(
      Type.GAUGE,
      "flotilla_shard_size_bytes",
      "Keys and values, as last measured, where the shard is led.",
      "shard"),
  SHARD_LOAD(
      Type.GAUGE,
      "flotilla_shard_requests_per_second",
      "Requests of about the last half minute, where the shard is led. kind: read or write.",
      "shard",
      "kind");

  private final Type type;
  private final String fullName;
  private final String help;
  private final List<String> labels;

  Metric(Type type, String fullName, String help, String... labels) {
    this.type = type;
    this.fullName = fullName;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** What Prometheus calls it. */
  enum Type {
    COUNTER,
    GAUGE,
    /** A gauge that is always 1; what it says stands in its labels. */
    INFO,
    HISTOGRAM
  }

  Type type() {
    return type;
  }

  /** As it is queried; a histogram has {@code _bucket}, {@code _sum} and {@code _count} of it. */
  String fullName() {
    return fullName;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels;
  }
}
