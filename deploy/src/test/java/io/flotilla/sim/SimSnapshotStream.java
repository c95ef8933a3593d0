package io.flotilla.sim;

import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotResult;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.shard.transport.PeerService;
import io.flotilla.shard.transport.SnapshotPipe;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot's stream over the simulated network, with what a connection does: words come in order
 * whatever the network did to them, and after a lost one nothing comes any more. It may be cut off
 * at any chunk.
 */
final class SimSnapshotStream implements SnapshotPipe<SnapshotUp> {
  private static final int CHUNKS_BEFORE_A_CUT = 25;

  /**
   * What it takes from outside.
   *
   * @param sender of the snapshot
   * @param fault takes what must never be
   * @param arrived hears of each that is whole at the receiver
   * @param receiver whoever listens there now
   */
  record Parts(
      int from,
      int to,
      SimNetwork network,
      SimProcess sender,
      Coverage coverage,
      Consumer<String> fault,
      Runnable arrived,
      Supplier<Optional<PeerService.Member>> receiver) {}

  /** Puts in order what comes one way. */
  private static final class Way {
    private final TreeMap<Long, Runnable> early = new TreeMap<>();
    private long sent;
    private long arrived;

    Runnable next(Runnable arrival) {
      long number = sent++;
      return () -> {
        early.put(number, arrival);
        for (Runnable due = early.remove(arrived); due != null; due = early.remove(arrived)) {
          arrived++;
          due.run();
        }
      };
    }
  }

  private final Parts parts;
  private final SnapshotPipe<SnapshotDown> answers;
  private final Way up = new Way();
  private final Way down = new Way();
  private final Runnable closed;
  private PeerService.@Nullable Member there;
  private @Nullable SnapshotPipe<SnapshotUp> receiver;
  private boolean broken;

  SimSnapshotStream(Parts parts, SnapshotPipe<SnapshotDown> answers) {
    this.parts = parts;
    this.answers = answers;
    this.closed = parts.network().opened(parts.from(), parts.to(), () -> cut("reset"));
  }

  @Override
  public void send(SnapshotUp word) {
    if (word.hasChunk() && parts.sender().random().nextInt(CHUNKS_BEFORE_A_CUT) == 0) {
      parts.coverage().count("snapshots cut off");
      cut("cut off");
    }
    parts.network().sendOnce(parts.from(), parts.to(), "snapshot", up.next(() -> arrive(word)));
  }

  private void arrive(SnapshotUp word) {
    if (broken) {
      return;
    }
    if (receiver == null) {
      Optional<PeerService.Member> member = parts.receiver().get();
      if (member.isEmpty()) {
        return;
      }
      there = member.get();
      receiver = member.get().receiver().openSnapshot(new Back());
    }
    toReceiver(to -> to.send(word));
  }

  /** The life that the stream began with, if it lasts. */
  private void toReceiver(Consumer<SnapshotPipe<SnapshotUp>> action) {
    SnapshotPipe<SnapshotUp> known = receiver;
    if (known != null && parts.receiver().get().filter(now -> now == there).isPresent()) {
      action.accept(known);
    }
  }

  @Override
  public void end(String reason) {
    closed.run();
    parts
        .network()
        .sendOnce(
            parts.from(),
            parts.to(),
            "snapshot ends",
            up.next(() -> toReceiver(to -> to.end(reason))));
  }

  /** Both sides hear of it, whatever they were at. */
  private void cut(String why) {
    if (!broken) {
      broken = true;
      closed.run();
      parts.sender().after(0, "snapshot broke", () -> answers.end(why));
      toReceiver(to -> to.end(why));
    }
  }

  private final class Back implements SnapshotPipe<SnapshotDown> {
    @Override
    public void send(SnapshotDown word) {
      if (word.hasResume() && word.getResume().getOffset() > 0) {
        parts.coverage().count("snapshots resumed");
      }
      if (word.hasResult()) {
        look(word.getResult());
      }
      back("snapshot answer", () -> answers.send(word));
    }

    /** Nothing changes bytes here, so a file that is not what was sent was put together wrongly. */
    private void look(SnapshotResult result) {
      String reason = result.getReason();
      if (reason.contains("not sound") || reason.contains("of another snapshot")) {
        parts.fault().accept("a snapshot came to node " + parts.to() + " changed: " + reason);
      }
      if (reason.contains("simulated failure")) {
        parts.coverage().count("snapshots met a failing file");
      }
      if (result.getAccepted()) {
        parts.coverage().count("snapshots arrived");
        parts.arrived().run();
      }
    }

    @Override
    public void end(String reason) {
      back("snapshot over", () -> answers.end(reason));
    }

    private void back(String what, Runnable arrival) {
      parts
          .network()
          .sendOnce(
              parts.to(),
              parts.from(),
              what,
              down.next(
                  () -> {
                    if (!broken && parts.sender().isAlive()) {
                      arrival.run();
                    }
                  }));
    }
  }
}
