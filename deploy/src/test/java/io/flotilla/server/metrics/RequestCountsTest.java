package io.flotilla.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RequestCountsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final long MILLI = 1_000_000;

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.flotilla.slow");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();
  private long now;
  private final SlowRequests slow = new SlowRequests(() -> now, 100 * MILLI);
  private final RequestCounts counts = new RequestCounts(slow);

  @BeforeEach
  void listen() {
    events.start();
    logger.setLevel(Level.WARN);
    logger.addAppender(events);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(events);
    logger.setLevel(null);
  }

  private static Request put(Context.Builder context) {
    return Request.newBuilder()
        .setContext(context)
        .setPut(
            PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("secretkey"))
                .setValue(ByteString.copyFromUtf8("secretvalue")))
        .build();
  }

  private static Reply error(ErrorCode code) {
    return Reply.newBuilder()
        .setError(ErrorDetail.newBuilder().setCode(code).setShardId(7).setMessage("secretkey"))
        .build();
  }

  private String scraped() throws IOException {
    Samples samples = new Samples();
    counts.collect(samples);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExpositionFormats.init()
        .getPrometheusTextFormatWriter()
        .write(out, new MetricSnapshots(samples.snapshots()));
    return out.toString(StandardCharsets.UTF_8);
  }

  private void answered(Request request, Reply reply, long nanos) {
    counts.began();
    counts.ended(request, reply, nanos);
  }

  @Test
  void requests_areCountedBySourceAndOutcome() throws IOException {
    Request fromNode = put(Context.newBuilder().setForwarded(true));
    answered(put(Context.newBuilder()), Reply.getDefaultInstance(), MILLI);
    answered(fromNode, error(ErrorCode.ERROR_CODE_NOT_LEADER), MILLI);
    counts.began();

    assertThat(scraped())
        .contains(
            "flotilla_requests_total{method=\"put\",outcome=\"ok\",source=\"client\"} 1.0",
            "flotilla_requests_total{method=\"put\",outcome=\"not_leader\",source=\"node\"} 1.0",
            "flotilla_requests_total{method=\"get\",outcome=\"ok\",source=\"client\"} 0.0",
            "flotilla_request_duration_seconds_count{method=\"put\",source=\"client\"} 1",
            "flotilla_requests_in_flight 1.0")
        .doesNotContain("secret");
  }

  @Test
  void slowRequest_isLoggedWithItsTraceAndNoKey() {
    Context.Builder context =
        Context.newBuilder().setTraceparent("00-" + TRACE + "-" + SPAN + "-01");
    answered(put(context), error(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED), 250 * MILLI);

    assertThat(events.list).hasSize(1);
    ILoggingEvent event = events.list.get(0);
    Map<String, Object> fields =
        event.getKeyValuePairs().stream().collect(Collectors.toMap(p -> p.key, p -> p.value));
    assertThat(fields)
        .containsEntry("method", "put")
        .containsEntry("millis", 250L)
        .containsEntry("outcome", "deadline_exceeded")
        .containsEntry("shard", 7L)
        .containsEntry("trace_id", TRACE)
        .containsEntry("parent_span_id", SPAN);
    assertThat(event.getFormattedMessage() + fields).doesNotContain("secret");
  }

  @Test
  void traceThatIsNone_isLeftOut() {
    answered(
        put(Context.newBuilder().setTraceparent("\nERROR forged line")),
        Reply.getDefaultInstance(),
        250 * MILLI);
    assertThat(events.list.get(0).getKeyValuePairs().toString()).doesNotContain("forged");
  }

  @Test
  void slowRequests_areLoggedTenTimesASecondAtMost() {
    for (int i = 0; i < 100; i++) {
      answered(put(Context.newBuilder()), Reply.getDefaultInstance(), 250 * MILLI);
    }
    assertThat(events.list).hasSize(10);
    now += 1_000 * MILLI;
    answered(put(Context.newBuilder()), Reply.getDefaultInstance(), 250 * MILLI);
    assertThat(events.list).hasSize(11);
  }

  @Test
  void limit_canChangeAndBeOff() {
    slow.limit(0);
    answered(put(Context.newBuilder()), Reply.getDefaultInstance(), 250 * MILLI);
    slow.limit(300 * MILLI);
    answered(put(Context.newBuilder()), Reply.getDefaultInstance(), 250 * MILLI);
    assertThat(events.list).isEmpty();
  }
}
