package io.flotilla.server;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Calls whose messages are bytes, made from good messages and then damaged. */
final class RawCalls {
  private static final int AT_ONCE = 128;
  private static final int SECONDS = 1;
  private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();

  private final ManagedChannel channel;
  private final RandomMessages messages;
  private final SplittableRandom random;
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final AtomicLong answers = new AtomicLong();

  RawCalls(ManagedChannel channel, SplittableRandom random) {
    this.channel = channel;
    this.random = random;
    this.messages = new RandomMessages(random);
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Calls that have ended, however. */
  long answers() {
    return answers.get();
  }

  /** Begins a call as soon as there is room; good messages come first. */
  void call(MethodDescriptor<?, ?> method, List<ByteString> first) throws InterruptedException {
    room.acquire();
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(method.getType())
            .setFullMethodName(method.getFullMethodName())
            .setRequestMarshaller(BYTES)
            .setResponseMarshaller(BYTES)
            .build();
    ClientCall<byte[], byte[]> call =
        channel.newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS));
    call.start(new Ending(), new Metadata());
    call.request(Integer.MAX_VALUE);
    first.forEach(message -> call.sendMessage(message.toByteArray()));
    int more = method.getType().clientSendsOneMessage() ? 1 : random.nextInt(1, 4);
    for (int i = 0; i < more; i++) {
      call.sendMessage(messages.next(method, !first.isEmpty()));
    }
    call.halfClose();
  }

  /** Waits until all have ended. */
  void await(Duration limit) throws InterruptedException {
    if (!room.tryAcquire(AT_ONCE, limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("calls have not ended: " + (AT_ONCE - room.availablePermits()));
    }
    room.release(AT_ONCE);
  }

  private final class Ending extends ClientCall.Listener<byte[]> {
    @Override
    public void onClose(Status status, Metadata trailers) {
      answers.incrementAndGet();
      room.release();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
