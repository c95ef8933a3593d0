package io.flotilla.server.demo;

import io.flotilla.cli.LeaderSpread;
import io.flotilla.cli.ShardTables;
import io.flotilla.client.AdminClient;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Entry;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.Scan;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.SplitResult;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.LocalTools;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Poll;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The steps, in order. Each leaves the cluster as the next one finds it. */
final class Story {
  private static final int SHARDS = 8;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Stage stage;
  private final LocalTools tools;
  private final LocalCluster cluster;
  private final Faces faces;
  private final AdminClient admin;
  private final ClusterWatch watch;
  private final Victim victim;
  private final Sample sample = Sample.read();

  Story(Stage stage, LocalTools tools, LocalCluster cluster, Faces faces) {
    this.stage = stage;
    this.tools = tools;
    this.cluster = cluster;
    this.faces = faces;
    this.admin = faces.admin();
    this.watch = new ClusterWatch(admin, tools.poll());
    this.victim = new Victim(stage, cluster, admin, tools.poll());
  }

  /**
   * How the story sees the cluster.
   *
   * @param admin shards and nodes
   * @param kv keys and values
   * @param async many puts at one time
   * @param export all records, through the command
   */
  record Faces(AdminClient admin, Kv kv, AsyncKv async, Supplier<Export.Result> export) {}

  void tell() throws InterruptedException {
    stage.say("Flotilla keeps keys in order, cut into shards; each shard is a Raft group with a");
    stage.say("replica on each node. This starts a cluster, breaks it, and checks what it says.");
    stage.step("Three nodes start, each a process of its own", this::start);
    stage.step("Load " + count(sample.size()) + " cities", this::load);
    stage.step("Split the key space into " + SHARDS + " shards", this::split);
    stage.step("Spread the leaders over the nodes", this::spread);
    stage.step("Look at every replica", this::look);
    stage.step("Kill the leader of a shard with kill -9", victim::kill);
    stage.step("The others elect a leader", victim::watchElection);
    stage.step("Read everything back, and write on, without that node", this::readBack);
    stage.step("Start the node again", () -> victim.restart(watch));
    stage.step("Move the leader back to it", victim::lead);
    stage.step("Count and compare checksums", this::compare);
  }

  private String start() throws InterruptedException {
    cluster.start();
    for (NodeProcess node : cluster.nodes()) {
      stage.say(
          "   %s is process %d at %s"
              .formatted(node.spec().name(), node.pid().orElse(0), node.spec().address()));
    }
    watch.allLed(cluster.nodes().size(), START_LIMIT, cluster::requireAlive);
    return "three nodes answer, every shard has a leader";
  }

  private String load() throws InterruptedException {
    stage.say("   " + Sample.ATTRIBUTION);
    Map.Entry<Key, ?> first = sample.records().entrySet().iterator().next();
    stage.say("   For example: " + first.getKey().text() + " -> " + first.getValue());
    new Loader(faces.async()).put(sample.records());
    long found = faces.kv().scan(Scan.all().keysOnly()).count();
    Stage.check(found == sample.size(), "a scan counts " + found + " keys");
    return "all are acknowledged, and a scan counts " + count(found) + " keys";
  }

  private String split() {
    List<Key> bounds = sample.splitKeys(SHARDS);
    for (Key bound : bounds) {
      SplitResult halves = admin.splitShard(bound);
      stage.say(
          "   shard %d is cut at %s: shard %d begins there"
              .formatted(halves.left().shardId(), bound.text(), halves.right().shardId()));
    }
    List<Key> starts =
        admin.listShards().shards().stream()
            .flatMap(shard -> shard.range().start().stream())
            .toList();
    Stage.check(starts.equals(bounds), "the shards begin at " + starts);
    return SHARDS + " shards, without a gap, begin where they were cut";
  }

  private String spread() throws InterruptedException {
    Map<Long, Long> leaders = tools.poll().until("leaders on three nodes", LIMIT, this::spreadOnce);
    stage.say("   $ flotilla shard list");
    stage.show(ShardTables.list(admin.listShards().shards()));
    return "number of shards by the node that leads them: " + leaders;
  }

  private Poll.Seen<Map<Long, Long>> spreadOnce() {
    for (ShardInfo shard : admin.listShards().shards()) {
      LeaderSpread.move(admin, shard.shardId());
    }
    Map<Long, Long> leaders = leadersByNode(admin.listShards().shards());
    boolean even =
        leaders.size() == cluster.nodes().size()
            && leaders.values().stream().allMatch(number -> number >= 2);
    return even ? Poll.Seen.of(leaders) : Poll.Seen.notYet("they are " + leaders);
  }

  private static Map<Long, Long> leadersByNode(List<ShardInfo> shards) {
    Map<Long, Long> leaders = new TreeMap<>();
    for (ShardInfo shard : shards) {
      shard.replicas().stream()
          .filter(replica -> replica.status().isPresent())
          .filter(replica -> replica.status().get().role() == ReplicaStatus.Role.LEADER)
          .forEach(replica -> leaders.merge(replica.nodeId(), 1L, Long::sum));
    }
    return leaders;
  }

  private String look() throws InterruptedException {
    List<ShardInfo> shards = watch.converged(cluster.nodes().size(), LIMIT);
    stage.say("   Role, term (t), commit index/applied index:");
    stage.show(ReplicaGrid.lines(shards));
    return "each shard has one leader, and its replicas agree on term and log";
  }

  private String readBack() throws InterruptedException {
    Iterator<Entry> entries = faces.kv().scanIterator(Scan.all());
    long read = 0;
    while (entries.hasNext()) {
      Entry entry = entries.next();
      read++;
      Stage.check(
          Objects.equals(sample.records().get(entry.key()), entry.value()),
          entry.key() + " is not what was written");
    }
    Stage.check(read == sample.size(), read + " records are there");
    // The same values again: the content stays, but the logs grow past the node that is down.
    new Loader(faces.async()).put(sample.records());
    return count(read) + " records are what was written, and as many writes went through";
  }

  private String compare() {
    Export.Result result = faces.export().get();
    Stage.check(result.records() == sample.size(), result.records() + " records were exported");
    Stage.check(
        result.checksum().equals(sample.checksum()),
        "the export has SHA-256 " + result.checksum() + ", the input " + sample.checksum());
    stage.say("   SHA-256 of the input, sorted  " + sample.checksum());
    stage.say("   SHA-256 of the export         " + result.checksum());
    return count(result.records()) + " records in, the same " + count(result.records()) + " out";
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
