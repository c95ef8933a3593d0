package io.flotilla.server.demo;

import io.flotilla.client.AdminClient;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Entry;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Kv;
import io.flotilla.client.LeaderInfo;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeList;
import io.flotilla.client.NodeMode;
import io.flotilla.client.NodeStatus;
import io.flotilla.client.ReplicaChange;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.ShardList;
import io.flotilla.client.SplitKeys;
import io.flotilla.client.SplitResult;
import io.flotilla.client.Value;
import io.flotilla.client.WriteResult;
import io.flotilla.server.local.LocalCluster;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Three nodes and their shards as a story sees them; can be made to break its promises. */
final class FakeDatabase implements AdminClient {
  /** What it does wrong. */
  enum Fault {
    NONE,
    LOSES_A_PUT,
    SPLITS_ELSEWHERE,
    KEEPS_LEADERS_TOGETHER,
    REPLICAS_DIFFER,
    ELECTS_NOBODY,
    GARBLES_A_VALUE,
    NEVER_CATCHES_UP,
    IGNORES_TRANSFER,
    EXPORTS_TOO_LITTLE
  }

  private final LocalCluster cluster;
  private final Fault fault;
  private final TreeMap<Key, Value> rows = new TreeMap<>();
  private final List<FakeShard> shards = new ArrayList<>();
  private boolean lostOne;
  private boolean sawDeath;

  FakeDatabase(LocalCluster cluster, Fault fault) {
    this.cluster = cluster;
    this.fault = fault;
    for (long id = 1; id <= 2; id++) {
      FakeShard shard = new FakeShard(id, KeyRange.ALL, 1);
      shard.logs.putAll(Map.of(1L, 1L, 2L, 1L, 3L, 1L));
      shards.add(shard);
    }
  }

  private Set<Long> running() {
    return LongStream.rangeClosed(1, 3)
        .filter(node -> cluster.nodes().get((int) node - 1).alive())
        .boxed()
        .collect(Collectors.toSet());
  }

  /** What happens in a cluster between two looks. */
  private Set<Long> pass() {
    Set<Long> running = running();
    sawDeath |= running.size() < 3 && !rows.isEmpty();
    boolean back = sawDeath && running.size() == 3;
    for (FakeShard shard : shards) {
      if (!running.contains(shard.leader) && fault != Fault.ELECTS_NOBODY) {
        shard.lead(running.stream().findFirst().orElse(0L));
      }
      boolean stuck = (back && fault == Fault.NEVER_CATCHES_UP) || fault == Fault.REPLICAS_DIFFER;
      shard.replicate(running, stuck ? 0 : 100);
    }
    return running;
  }

  @Override
  public AdminClient withTimeout(Duration timeout) {
    return this;
  }

  @Override
  public ShardList listShards(boolean includeSystem) {
    Set<Long> running = pass();
    List<ShardInfo> listed =
        shards.stream()
            .filter(shard -> includeSystem || shard.id != 1)
            .map(shard -> shard.info(running))
            .toList();
    return new ShardList(listed, List.of());
  }

  @Override
  public Optional<ShardInfo> shard(long shardId) {
    Set<Long> running = pass();
    return find(shardId).map(shard -> shard.info(running));
  }

  private Optional<FakeShard> find(long shardId) {
    return shards.stream().filter(shard -> shard.id == shardId).findFirst();
  }

  private FakeShard holder(Key key) {
    return shards.stream()
        .filter(shard -> shard.id != 1 && shard.range.contains(key))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public SplitResult splitShard(Key key) {
    Key at = fault == Fault.SPLITS_ELSEWHERE ? Key.of(key.text() + "!") : key;
    FakeShard left = holder(at);
    FakeShard right = left.split(at, shards.size() + 1);
    shards.add(shards.indexOf(left) + 1, right);
    return new SplitResult(left.descriptor(), right.descriptor());
  }

  @Override
  public SplitKeys splitKeys(long shardId, int parts) {
    throw new UnsupportedOperationException("the demo splits at keys of its own");
  }

  @Override
  public LeaderInfo transferLeader(long shardId, long toNodeId) {
    FakeShard shard = find(shardId).orElseThrow();
    boolean ignored =
        fault == Fault.KEEPS_LEADERS_TOGETHER || (sawDeath && fault == Fault.IGNORES_TRANSFER);
    if (!ignored) {
      shard.lead(toNodeId);
    }
    return new LeaderInfo(toNodeId, shard.term);
  }

  @Override
  public ShardInfo changeReplicas(long shardId, List<ReplicaChange> changes) {
    throw new AssertionError("the demo changes no replicas");
  }

  @Override
  public void removeNode(long nodeId) {
    throw new AssertionError("the demo removes no nodes");
  }

  @Override
  public NodeList listNodes() {
    Set<Long> running = pass();
    List<NodeInfo> nodes =
        LongStream.rangeClosed(1, 3).mapToObj(node -> node(node, running)).toList();
    return new NodeList("c0ffee", nodes);
  }

  private NodeInfo node(long node, Set<Long> running) {
    String address = cluster.endpoints().get((int) node - 1);
    Optional<NodeStatus> status =
        running.contains(node) ? Optional.of(status(node)) : Optional.empty();
    return new NodeInfo(node, address, Map.of(), NodeMode.ACTIVE, status, "");
  }

  @Override
  public NodeStatus status(long nodeId) {
    return new NodeStatus(
        nodeId,
        "c0ffee",
        "",
        "1",
        Duration.ZERO,
        false,
        new NodeStatus.Counts(2, 1, 9),
        new NodeStatus.Bytes(0, 0, 0, 0),
        new NodeStatus.Health(List.of(), 0, 0, ""),
        List.of());
  }

  AsyncKv async() {
    return (AsyncKv)
        Proxy.newProxyInstance(
            AsyncKv.class.getClassLoader(),
            new Class<?>[] {AsyncKv.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "withTimeout" -> self;
                  case "put" ->
                      CompletableFuture.completedFuture(
                          put((Key) arguments[0], (Value) arguments[1]));
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private WriteResult put(Key key, Value value) {
    boolean lose = fault == Fault.LOSES_A_PUT && !lostOne;
    lostOne = true;
    if (!lose) {
      rows.put(key, value);
    }
    holder(key).last++;
    return new WriteResult(true, 1, Optional.empty());
  }

  Kv kv() {
    return (Kv)
        Proxy.newProxyInstance(
            Kv.class.getClassLoader(),
            new Class<?>[] {Kv.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "scan" -> entries().stream();
                  case "scanIterator" -> entries().iterator();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private List<Entry> entries() {
    Key first = rows.firstKey();
    return rows.entrySet().stream()
        .map(
            row -> {
              boolean garble = fault == Fault.GARBLES_A_VALUE && row.getKey().equals(first);
              return new Entry(row.getKey(), garble ? Value.EMPTY : row.getValue(), 1);
            })
        .toList();
  }

  Export.Result export() {
    TreeMap<Key, Value> exported = new TreeMap<>(rows);
    if (fault == Fault.EXPORTS_TOO_LITTLE) {
      Objects.requireNonNull(exported.pollLastEntry());
    }
    return new Export.Result(exported.size(), new Sample(exported).checksum());
  }
}
