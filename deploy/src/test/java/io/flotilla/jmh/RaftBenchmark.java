package io.flotilla.jmh;

import io.flotilla.raft.HardState;
import io.flotilla.raft.InitialState;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.ProposalResult;
import io.flotilla.raft.RaftConfig;
import io.flotilla.raft.RaftNode;
import io.flotilla.raft.RaftTracer;
import io.flotilla.raft.Ready;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A group of three without disk and network: what the consensus itself costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RaftBenchmark {
  private static final int REPLICAS = 3;
  private static final Payload COMMAND = Payload.of(new byte[160]);

  private final RaftNode[] nodes = new RaftNode[REPLICAS];
  private final ArrayLog[] logs = new ArrayLog[REPLICAS];
  private final Deque<Message> network = new ArrayDeque<>();
  private long committed;
  private long readContext;
  private long readsConfirmed;

  /** Elects the first replica. */
  @Setup
  public void elect() {
    for (int i = 0; i < REPLICAS; i++) {
      logs[i] = new ArrayLog();
      nodes[i] =
          new RaftNode(
              RaftConfig.defaults(i + 1),
              new InitialState(HardState.EMPTY, Membership.of(1, 2, 3), 0),
              logs[i],
              new SplittableRandom(i),
              RaftTracer.NONE);
    }
    nodes[0].campaign();
    settle();
    if (!nodes[0].isLeader()) {
      throw new IllegalStateException("no leader");
    }
  }

  /** Propose, replicate to both followers, commit and apply on all three: one entry. */
  @Benchmark
  public long commitOneEntry() {
    propose();
    settle();
    return committed;
  }

  /** The same with 16 entries under way at one time. */
  @Benchmark
  public long commitSixteenEntries() {
    for (int i = 0; i < 16; i++) {
      propose();
    }
    settle();
    return committed;
  }

  /** One round of ReadIndex over the quorum. */
  @Benchmark
  public long confirmRead() {
    nodes[0].readIndex(++readContext);
    settle();
    return readsConfirmed;
  }

  private void propose() {
    ProposalResult result = nodes[0].propose(COMMAND);
    if (!result.accepted()) {
      throw new IllegalStateException("refused: " + result.status());
    }
  }

  private void settle() {
    boolean again = true;
    while (again) {
      again = false;
      for (int i = 0; i < REPLICAS; i++) {
        while (nodes[i].hasReady()) {
          again = true;
          take(i, nodes[i].ready());
        }
      }
      for (Message message = network.poll(); message != null; message = network.poll()) {
        again = true;
        nodes[(int) message.to() - 1].step(message);
      }
    }
  }

  private void take(int replica, Ready ready) {
    network.addAll(ready.messages());
    logs[replica].append(ready.entries());
    nodes[replica].persisted(ready);
    network.addAll(ready.messagesAfterPersist());
    if (!ready.committed().isEmpty()) {
      committed = ready.committed().get(ready.committed().size() - 1).index();
      nodes[replica].applied(committed);
    }
    readsConfirmed += ready.readStates().size();
  }
}
