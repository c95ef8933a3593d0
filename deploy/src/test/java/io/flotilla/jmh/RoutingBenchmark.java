package io.flotilla.jmh;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardDescriptor;
import io.flotilla.router.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a key to its shard and the leader. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoutingBenchmark {
  private static final int KEYS = 4_096;

  /** Shards of the cluster. */
  @Param({"16", "10000"})
  public int shards;

  private final RouteTable table = new RouteTable();
  private final ByteString[] keys = new ByteString[KEYS];
  private int next;

  /** Cuts the key space into equal parts. */
  @Setup
  public void cut() {
    List<Route> routes = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      KeyRange range =
          KeyRange.newBuilder()
              .setStart(shard == 0 ? ByteString.EMPTY : boundary(shard))
              .setEnd(shard == shards - 1 ? ByteString.EMPTY : boundary(shard + 1))
              .build();
      routes.add(
          Route.newBuilder()
              .setShard(ShardDescriptor.newBuilder().setShardId(shard + 2).setRange(range))
              .setLeaderNodeId(1 + shard % 3)
              .setLeaderTerm(5)
              .build());
    }
    table.merge(routes);
    SplittableRandom random = new SplittableRandom(4711);
    for (int i = 0; i < KEYS; i++) {
      keys[i] = ByteString.copyFromUtf8(String.format("%016x", random.nextLong()));
    }
  }

  private ByteString boundary(long shard) {
    return ByteString.copyFromUtf8(String.format("%08x", (shard << 32) / shards));
  }

  /** One lookup. */
  @Benchmark
  public Route lookup() {
    next = (next + 1) % KEYS;
    return table.lookup(keys[next]);
  }
}
