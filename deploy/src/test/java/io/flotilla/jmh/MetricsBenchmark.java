package io.flotilla.jmh;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.server.metrics.Meters;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What counting costs where things happen: per request, and per turn of a shard loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetricsBenchmark {
  private final Meters meters = new Meters(System::nanoTime, Duration.ofSeconds(1));
  private final Request request =
      Request.newBuilder()
          .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("key")))
          .build();
  private final Reply reply =
      Reply.newBuilder().setPut(PutReply.newBuilder().setRevision(1)).build();

  /** A request that comes and is answered, with the clock read twice. */
  @Benchmark
  public void request() {
    long begun = System.nanoTime();
    meters.requests().began();
    meters.requests().ended(request, reply, 500_000 + System.nanoTime() - begun);
  }

  /** A turn in which an entry is proposed and another one committed and applied. */
  @Benchmark
  public void turn() {
    long begun = System.nanoTime();
    meters.host().proposed(16);
    meters.host().committed(2_000_000);
    meters.host().applied(1);
    meters.host().received();
    meters.peers().frame(false, 3, 1_000);
    meters.host().turned(System.nanoTime() - begun);
  }
}
