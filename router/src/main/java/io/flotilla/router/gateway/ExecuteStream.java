package io.flotilla.router.gateway;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReplyFrame;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.RequestFrame;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of a client. Reads the next frame only while few enough calls are open, so a client
 * that does not take its replies stops being served instead of filling memory.
 *
 * <p>Replies come from many threads and in any order; whoever completes one only adds it to a
 * queue. One task at a time (the pump) writes what has gathered, as few frames, while the stream is
 * ready.
 */
final class ExecuteStream implements StreamObserver<RequestFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(ExecuteStream.class);

  private final Gateway gateway;
  private final GatewayConfig config;
  private final Executor executor;
  private final ServerCallStreamObserver<ReplyFrame> out;

  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final AtomicInteger outstanding = new AtomicInteger();
  private final AtomicBoolean frameAsked = new AtomicBoolean();
  private final AtomicInteger pumpWork = new AtomicInteger();
  private volatile @Nullable Status failure;
  private final Runnable finish = this::finish;
  private volatile boolean clientDone;
  private volatile boolean finishing;
  private volatile boolean ended;

  ExecuteStream(
      Gateway gateway,
      GatewayConfig config,
      Executor executor,
      ServerCallStreamObserver<ReplyFrame> out) {
    this.gateway = gateway;
    this.config = config;
    this.executor = executor;
    this.out = out;
  }

  /** Within the method that opens the stream. */
  void open() {
    out.disableAutoRequest();
    out.setOnReadyThreshold(config.maxFrameBytes());
    out.setOnReadyHandler(this::pumpSoon);
    out.setOnCancelHandler(this::end);
    gateway.open().opened(finish);
    askForFrame();
  }

  /** The server stops: reads no more, and ends the stream when all that was read is answered. */
  private void finish() {
    finishing = true;
    pumpSoon();
  }

  private void end() {
    ended = true;
    gateway.open().closed(finish);
  }

  @Override
  public void onNext(RequestFrame frame) {
    if (ended) {
      return; // it crossed the end of the stream: its sender knows that nobody answers
    }
    outstanding.addAndGet(frame.getRequestsCount());
    frameAsked.set(false);
    if (frame.getRequestsCount() > config.maxRequestsPerFrame()) {
      failure = Status.INVALID_ARGUMENT.withDescription("too many requests in one frame");
      pumpSoon();
      return;
    }
    if (!gateway.holds()) {
      // No word about the calls: they were not looked at, and a client with something new to show
      // sends them again.
      failure = Status.UNAVAILABLE.withDescription("the caller is not known any more");
      pumpSoon();
      return;
    }
    for (Request request : frame.getRequestsList()) {
      long id = request.getId();
      var unused = gateway.handle(request).thenAccept(reply -> answered(id, reply));
    }
    askForFrame();
  }

  @Override
  public void onError(Throwable failure) {
    end();
  }

  @Override
  public void onCompleted() {
    clientDone = true;
    pumpSoon();
  }

  private void answered(long id, Reply reply) {
    replies.add(reply.getId() == id ? reply : reply.toBuilder().setId(id).build());
    pumpSoon();
  }

  private void askForFrame() {
    if (!ended
        && !finishing
        && outstanding.get() < config.maxOutstandingPerStream()
        && frameAsked.compareAndSet(false, true)) {
      out.request(1);
    }
  }

  private void pumpSoon() {
    if (pumpWork.getAndIncrement() == 0) {
      try {
        executor.execute(this::pump);
      } catch (RejectedExecutionException e) {
        end();
      }
    }
  }

  private void pump() {
    int seen;
    do {
      seen = pumpWork.get();
      try {
        writeReplies();
      } catch (RuntimeException e) {
        LOG.debug("Stream ended while replies were written", e);
        end();
      }
      askForFrame();
    } while (pumpWork.addAndGet(-seen) != 0);
  }

  private void writeReplies() {
    while (!ended && out.isReady() && !replies.isEmpty()) {
      ReplyFrame.Builder frame = ReplyFrame.newBuilder();
      int bytes = 0;
      while (frame.getRepliesCount() < config.maxFrameReplies() && bytes < config.maxFrameBytes()) {
        Reply reply = replies.poll();
        if (reply == null) {
          break;
        }
        bytes += reply.getSerializedSize();
        frame.addReplies(reply);
      }
      out.onNext(frame.build());
      outstanding.addAndGet(-frame.getRepliesCount());
    }
    Status status = failure;
    if (!ended && status != null) {
      end();
      out.onError(status.asRuntimeException());
    } else if (!ended && (clientDone || finishing) && outstanding.get() == 0) {
      out.onCompleted();
      end();
    }
  }
}
