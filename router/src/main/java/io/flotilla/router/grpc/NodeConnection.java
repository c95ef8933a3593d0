package io.flotilla.router.grpc;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReplyFrame;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.RequestFrame;
import io.flotilla.router.Failures;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to one node and the stream that carries them. One lock guards everything; it is held
 * for moments, never while a frame is serialized or a caller's continuation runs.
 *
 * <p>One thread at a time writes frames (the drainer). While it writes, calls gather; so the busier
 * the stream, the fuller its frames.
 *
 * <p>Life of a stream: opened by a call → connected (it became ready) → broken (an error, no
 * connection in time, given up as silent). With it all open calls end; the next call opens the next
 * stream. How often that may happen is decided above: a router leaves nodes alone that fail.
 */
final class NodeConnection {
  private static final Logger LOG = LoggerFactory.getLogger(NodeConnection.class);

  private final NodeAddress node;
  private final GrpcNodeTransport.Shared shared;
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<Long, OpenCall> unsent = new LinkedHashMap<>();
  private final Map<Long, OpenCall> sent = new HashMap<>();
  private long nextId = 1;
  private long bytes;
  private @Nullable ExecuteCall stream;
  private boolean draining;
  private boolean closed;

  /** When the node last said something; valid if {@code heard}. */
  private volatile long heardAt;

  private volatile boolean heard;

  NodeConnection(NodeAddress node, GrpcNodeTransport.Shared shared) {
    this.node = node;
    this.shared = shared;
  }

  CompletableFuture<Reply> call(Request request, long deadlineNanos) {
    OpenCall call;
    ExecuteCall opened = null;
    long now = now();
    lock.lock();
    try {
      Reply refusal = refusal(request);
      if (refusal != null) {
        return CompletableFuture.completedFuture(refusal);
      }
      call = new OpenCall(request.toBuilder().setId(nextId++).build());
      bytes += call.bytes;
      unsent.put(call.id(), call);
      if (stream == null) {
        opened = new ExecuteCall(this, shared.config().connectTimeoutMillis());
        stream = opened;
      }
    } finally {
      lock.unlock();
    }
    if (opened != null) {
      open(opened);
    }
    var unused = call.result.whenComplete((reply, cancelled) -> forget(call));
    call.timer(scheduler().schedule(deadlineNanos - now, () -> expired(call)));
    drainSoon();
    return call.result;
  }

  private @Nullable Reply refusal(Request request) {
    if (closed) {
      return Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "the connection is closed");
    }
    // One request is let in whatever its size, so that a large one is not refused forever.
    boolean full =
        bytes > 0 && bytes + request.getSerializedSize() > shared.config().maxInFlightBytes();
    if (full || unsent.size() + sent.size() >= shared.config().maxInFlightCalls()) {
      return Failures.notApplied(
          ErrorCode.ERROR_CODE_OVERLOADED, "too many calls in flight to " + node);
    }
    return null;
  }

  private void open(ExecuteCall opened) {
    scheduler()
        .schedule(
            shared.config().connectTimeoutMillis() * 1_000_000L,
            () -> {
              if (!opened.connected()) {
                broken(opened, opened.silence());
              }
            });
    opened.start(shared.channels().open(node));
  }

  /** The stream can take frames. */
  void ready() {
    drainSoon();
  }

  /** Whether the node has said anything since then. */
  boolean heardSince(long nanos) {
    return heard && heardAt - nanos > 0;
  }

  /** Gives up a stream that has brought nothing for long; the next call opens another one. */
  void reconnect() {
    ExecuteCall silent;
    lock.lock();
    try {
      silent = stream;
    } finally {
      lock.unlock();
    }
    if (silent != null) {
      broken(silent, "the node said nothing for long");
    }
  }

  void received(ExecuteCall which, ReplyFrame frame) {
    heardAt = now();
    heard = true;
    List<OpenCall> answered = new ArrayList<>(frame.getRepliesCount());
    List<Reply> replies = new ArrayList<>(frame.getRepliesCount());
    lock.lock();
    try {
      if (stream != which) {
        return;
      }
      for (Reply reply : frame.getRepliesList()) {
        OpenCall call = sent.remove(reply.getId());
        if (call != null) {
          bytes -= call.bytes;
          answered.add(call);
          replies.add(reply);
        }
      }
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < answered.size(); i++) {
      answered.get(i).complete(replies.get(i));
    }
  }

  void broken(ExecuteCall which, String problem) {
    LOG.debug("Stream to {} broke: {}", node, problem);
    end(which, problem);
  }

  /** The node did not let the stream in: none of its calls has been looked at. */
  void refused(ExecuteCall which, ErrorCode code, String problem) {
    LOG.debug("{} refused the stream: {}", node, problem);
    end(which, (call, wasSent) -> call.complete(Failures.rejected(code, problem)));
  }

  void close() {
    ExecuteCall last;
    lock.lock();
    try {
      closed = true;
      last = stream;
    } finally {
      lock.unlock();
    }
    if (last != null) {
      end(last, "the connection was closed");
    }
  }

  /** Closes it unless a call is open; a call that comes meanwhile is refused and tried again. */
  boolean closeIfIdle() {
    lock.lock();
    try {
      if (!unsent.isEmpty() || !sent.isEmpty()) {
        return false;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    close();
    return true;
  }

  private void end(ExecuteCall which, String problem) {
    end(which, (call, wasSent) -> call.fail(ErrorCode.ERROR_CODE_UNAVAILABLE, wasSent, problem));
  }

  /** Ends the stream, and each call of it with whether it had been sent. */
  private void end(ExecuteCall which, BiConsumer<OpenCall, Boolean> ending) {
    List<OpenCall> waiting;
    List<OpenCall> gone;
    lock.lock();
    try {
      if (stream != which) {
        return;
      }
      stream = null;
      waiting = new ArrayList<>(unsent.values());
      gone = new ArrayList<>(sent.values());
      unsent.clear();
      sent.clear();
      bytes = 0;
    } finally {
      lock.unlock();
    }
    which.shutdown();
    waiting.forEach(call -> ending.accept(call, false));
    gone.sort((a, b) -> Long.compare(a.id(), b.id()));
    gone.forEach(call -> ending.accept(call, true));
  }

  /** A call that was cancelled gives its room back; if it has not left, it never does. */
  private void forget(OpenCall call) {
    if (!call.result.isCancelled()) {
      return;
    }
    lock.lock();
    try {
      if (unsent.remove(call.id()) != null || sent.remove(call.id()) != null) {
        bytes -= call.bytes;
      }
    } finally {
      lock.unlock();
    }
    call.stopTimer();
  }

  private void expired(OpenCall call) {
    boolean left;
    lock.lock();
    try {
      left = sent.remove(call.id()) != null;
      if (!left && unsent.remove(call.id()) == null) {
        return;
      }
      bytes -= call.bytes;
    } finally {
      lock.unlock();
    }
    call.fail(
        ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED,
        left,
        left ? "no answer in time" : "the connection was not ready in time");
  }

  /** A call that has the stream to itself leaves at once; others gather until a worker comes. */
  private void drainSoon() {
    boolean alone;
    lock.lock();
    try {
      if (draining || unsent.isEmpty() || stream == null || !stream.isReady()) {
        return;
      }
      draining = true;
      alone = sent.isEmpty() && unsent.size() == 1;
    } finally {
      lock.unlock();
    }
    if (alone) {
      drain();
      return;
    }
    try {
      shared.executor().execute(this::drain);
    } catch (RejectedExecutionException e) {
      close();
    }
  }

  private void drain() {
    while (true) {
      ExecuteCall to;
      RequestFrame frame;
      lock.lock();
      try {
        to = stream;
        if (to == null || unsent.isEmpty() || !to.isReady()) {
          draining = false;
          return;
        }
        frame = nextFrame();
      } finally {
        lock.unlock();
      }
      shared.framesSent().incrementAndGet();
      shared.callsSent().addAndGet(frame.getRequestsCount());
      to.send(frame);
    }
  }

  private RequestFrame nextFrame() {
    RequestFrame.Builder frame = RequestFrame.newBuilder();
    int frameBytes = 0;
    Iterator<OpenCall> calls = unsent.values().iterator();
    while (calls.hasNext() && frame.getRequestsCount() < shared.config().maxFrameCalls()) {
      OpenCall call = calls.next();
      frameBytes += call.bytes;
      if (frame.getRequestsCount() > 0 && frameBytes > shared.config().maxFrameBytes()) {
        break;
      }
      calls.remove();
      sent.put(call.id(), call);
      frame.addRequests(call.request);
    }
    return frame.build();
  }

  private Scheduler scheduler() {
    return shared.runtime().scheduler();
  }

  private long now() {
    return scheduler().nanoTime();
  }
}
