package io.flotilla.shard;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.contract.v1.SplitShardRequest;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.placement.ClusterView;
import io.flotilla.shard.placement.LoadCut;
import io.flotilla.shard.placement.ShardUse;
import io.flotilla.shard.placement.ShardView;
import io.flotilla.shard.placement.SplitRule;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Splits shards that hold or do too much, a few at a time, where the system shard is led. Confined
 * to its loop; answers come back there.
 *
 * <p>Both halves of a split rest for a while, and are judged by what is measured of their new range
 * alone: what was measured before says nothing of them, so that one reason does not split twice
 * (M25). Nothing is kept: whoever leads next only forgets who should rest.
 */
final class AutoSplits {
  static final int AT_ONCE = 4;
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final Logger LOG = LoggerFactory.getLogger(AutoSplits.class);

  private final HostParts parts;
  private final Executor loop;
  private final SplitRule rule;
  private final long cooldownNanos;

  /** When the last split of a shard ended, successfully or not. */
  private final Map<Long, Long> endedNanos = new TreeMap<>();

  private final Set<Long> underWay = new HashSet<>();
  private long generation;

  AutoSplits(HostParts parts, Executor loop) {
    this.parts = parts;
    this.loop = loop;
    SplitConfig config = parts.config().scheduler().splits();
    this.rule = new SplitRule(config.bytes(), config.load());
    this.cooldownNanos = TimeUnit.MILLISECONDS.toNanos(config.cooldownMillis());
  }

  /** Whoever leads from now on knows nothing yet. */
  void reset() {
    generation++;
    endedNanos.clear();
    underWay.clear();
  }

  /** Begins what may begin now. */
  void round(ClusterView view, Map<Long, ShardLoad> loads) {
    long now = parts.clock().nanos();
    endedNanos.values().removeIf(ended -> now - ended >= cooldownNanos);
    for (ShardView shard : view.shards()) {
      Optional<Payload> key = verdict(shard, loads).key();
      if (key.isPresent() && whyNotNow(view, shard).isEmpty()) {
        LOG.atInfo()
            .addKeyValue("shard", shard.descriptor().shardId())
            .log("is to be split: {}", verdict(shard, loads).why());
        begin(shard.descriptor(), key.get());
      }
    }
  }

  /** What is to be said of splits of a shard; empty: nothing. */
  String explain(ClusterView view, ShardView shard, Map<Long, ShardLoad> loads) {
    SplitRule.Verdict verdict = verdict(shard, loads);
    String wait = verdict.key().isPresent() ? whyNotNow(view, shard) : "";
    return wait.isEmpty() ? verdict.text() : verdict.text() + ", but not now: " + wait;
  }

  private SplitRule.Verdict verdict(ShardView shard, Map<Long, ShardLoad> loads) {
    ShardLoad load =
        loads.getOrDefault(shard.descriptor().shardId(), ShardLoad.getDefaultInstance());
    return rule.look(shard.descriptor(), use(load));
  }

  private static ShardUse use(ShardLoad load) {
    Optional<LoadCut> cut =
        load.getHottestShare() > 0
            ? Optional.of(
                new LoadCut(
                    Descriptors.payload(load.getHottestKey()),
                    load.getHottestShare(),
                    key(Descriptors.payload(load.getLoadSplitKey()))))
            : Optional.empty();
    return new ShardUse(
        load.getRangeVersion(),
        load.getBytes(),
        load.getReadsPerSecond() + load.getWritesPerSecond(),
        key(Descriptors.payload(load.getSizeSplitKey())),
        cut);
  }

  private static Optional<Payload> key(Payload key) {
    return key.isEmpty() ? Optional.empty() : Optional.of(key);
  }

  private String whyNotNow(ClusterView view, ShardView shard) {
    long id = shard.descriptor().shardId();
    boolean moving = view.underWay().stream().anyMatch(move -> move.shardId() == id);
    if (!view.rebalance()) {
      return "rebalancing is off";
    }
    if (underWay.contains(id)) {
      return "it is being split";
    }
    if (moving || shard.descriptor().isJoint()) {
      return "its replicas are being changed";
    }
    if (endedNanos.containsKey(id)) {
      return "it was split, or that was tried, less than %d s ago"
          .formatted(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(cooldownNanos)));
    }
    return underWay.size() < AT_ONCE ? "" : underWay.size() + " shards are being split";
  }

  private void begin(ShardDescriptor shard, Payload key) {
    long begunIn = generation;
    underWay.add(shard.shardId());
    Request request =
        Request.newBuilder()
            .setContext(
                Context.newBuilder().setShardId(shard.shardId()).setTimeoutMillis(TIMEOUT_MILLIS))
            .setSplitShard(SplitShardRequest.newBuilder().setKey(Descriptors.bytes(key)))
            .build();
    var unused =
        parts
            .cluster()
            .apply(request)
            .whenComplete(
                (reply, failure) ->
                    loop.execute(
                        () -> {
                          if (generation == begunIn) {
                            ended(shard.shardId(), reply);
                          }
                        }));
  }

  private void ended(long shardId, @Nullable Reply reply) {
    long now = parts.clock().nanos();
    underWay.remove(shardId);
    endedNanos.put(shardId, now);
    if (reply != null && reply.hasSplitShard()) {
      endedNanos.put(reply.getSplitShard().getRight().getShardId(), now);
    } else {
      // Not its message, which names the key.
      LOG.atInfo()
          .addKeyValue("shard", shardId)
          .log("was not split: {}", reply == null ? "no answer" : reply.getError().getCode());
    }
  }
}
