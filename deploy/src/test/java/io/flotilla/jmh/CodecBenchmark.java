package io.flotilla.jmh;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.RequestFrame;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.shard.kv.Requests;
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

/** What becomes of puts on their way: frame from the client, entry of the log, commands again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
  /** Puts in a frame, and in an entry. */
  @Param({"1", "64"})
  public int puts;

  private RequestFrame frame;
  private byte[] frameBytes;
  private byte[] entryBytes;

  /** Puts of 128 bytes to keys of 16. */
  @Setup
  public void make() {
    SplittableRandom random = new SplittableRandom(4711);
    RequestFrame.Builder builder = RequestFrame.newBuilder();
    for (int i = 0; i < puts; i++) {
      byte[] value = new byte[128];
      random.nextBytes(value);
      Request.Builder request = Request.newBuilder().setId(i + 1);
      request.getContextBuilder().setSessionId(random.nextLong()).setSequence(i + 1);
      request.setPut(
          PutRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8(String.format("%016x", random.nextLong())))
              .setValue(ByteString.copyFrom(value)));
      builder.addRequests(request);
    }
    frame = builder.build();
    frameBytes = frame.toByteArray();
    entryBytes = toEntry();
  }

  /** Bytes of the network to requests. */
  @Benchmark
  public RequestFrame parseFrame() throws InvalidProtocolBufferException {
    return RequestFrame.parseFrom(frameBytes);
  }

  /** Requests to the payload of one entry. */
  @Benchmark
  public byte[] toEntry() {
    CommandBatch.Builder batch = CommandBatch.newBuilder().setStamp(1);
    for (Request request : frame.getRequestsList()) {
      batch.addCommands(Requests.toCommand(request));
    }
    return batch.build().toByteArray();
  }

  /** What a follower does with the payload when it applies the entry. */
  @Benchmark
  public CommandBatch parseEntry() throws InvalidProtocolBufferException {
    return CommandBatch.parseFrom(entryBytes);
  }
}
