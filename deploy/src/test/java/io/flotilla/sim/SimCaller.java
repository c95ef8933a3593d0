package io.flotilla.sim;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.history.History;
import io.flotilla.raft.Payload;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.Router;
import io.flotilla.sim.invariants.Oracle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the calls of one client have in common: its router, its session, what it has seen. */
final class SimCaller {
  static final int TIMEOUT_MILLIS = 4_000;

  private static final int SESSION_RANDOM_BITS = 22;

  private final World world;
  private final SimProcess process;
  private final Router router;
  private final Parts parts;
  private final List<String> keys;
  private final Supplier<Integer> nextProcess;
  private final Map<String, Long> revisions = new HashMap<>();
  private int historyProcess;
  private long session;
  private long sequence;
  private boolean busy;

  SimCaller(
      int place,
      World world,
      SimNetwork network,
      Parts parts,
      List<String> keys,
      Supplier<Integer> nextProcess) {
    this.world = world;
    this.process = new SimProcess(world, "c" + place);
    this.parts = parts;
    this.keys = keys;
    this.nextProcess = nextProcess;
    this.router =
        Router.forClient(
            new SimRouting(place, process, network, parts.nodes()).parts(),
            parts.seeds().stream().map(SimRouting::address).map(NodeAddress::parse).toList());
    router.start();
    renew();
  }

  /**
   * What clients share.
   *
   * @param history of calls that must be linearizable
   * @param oracle sees what they are told
   * @param nodes who serves at a place
   * @param seeds places to begin with
   */
  record Parts(
      History history,
      Coverage coverage,
      Oracle oracle,
      IntFunction<Optional<SimNode.Serving>> nodes,
      List<Integer> seeds) {}

  /** Another session, and another process of the history. */
  void renew() {
    historyProcess = nextProcess.get();
    session =
        ((1_780_000_000_000L + world.now() / World.MILLIS) << SESSION_RANDOM_BITS)
            | process.random().nextInt(1 << SESSION_RANDOM_BITS);
    sequence = 0;
  }

  void call(Request.Builder request, Consumer<Reply> then) {
    busy = true;
    var unused =
        router
            .dispatcher()
            .dispatch(request.build())
            .thenAccept(
                reply -> {
                  busy = false;
                  then.accept(reply);
                });
  }

  /** The number of the session's next write. */
  long nextSequence() {
    return ++sequence;
  }

  World world() {
    return world;
  }

  SimProcess process() {
    return process;
  }

  SplittableRandom random() {
    return process.random();
  }

  Router router() {
    return router;
  }

  History history() {
    return parts.history();
  }

  Coverage coverage() {
    return parts.coverage();
  }

  Oracle oracle() {
    return parts.oracle();
  }

  List<String> keys() {
    return keys;
  }

  /** A process of the history that makes one call. */
  Supplier<Integer> nextProcess() {
    return nextProcess;
  }

  /** The process of the history that calls now. */
  int historyProcess() {
    return historyProcess;
  }

  long session() {
    return session;
  }

  long sequence() {
    return sequence;
  }

  boolean isBusy() {
    return busy;
  }

  /** The revision of a key that was read last; 0 if none was or it was absent. */
  long revisionSeen(String key) {
    return revisions.getOrDefault(key, 0L);
  }

  void saw(String key, long revision) {
    revisions.put(key, revision);
  }

  static @Nullable String text(GetReply reply) {
    return reply.getFound() ? reply.getValue().toStringUtf8() : null;
  }

  static long revision(GetReply reply) {
    return reply.getFound() ? reply.getRevision() : -1;
  }

  static Payload payload(String text) {
    return Payload.utf8(text);
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
