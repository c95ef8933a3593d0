package io.flotilla.server.metrics;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs requests that took long, a few a second at most, with the trace that the caller named and
 * without any key or value. Any thread.
 */
final class SlowRequests {
  private static final Logger LOG = LoggerFactory.getLogger("io.flotilla.slow");
  private static final int MOST_A_SECOND = 10;

  /** Of W3C Trace Context: version, trace, parent, flags. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}");

  private final LongSupplier nanos;
  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger logged = new AtomicInteger();
  private volatile long limitNanos;

  SlowRequests(LongSupplier nanos, long limitNanos) {
    this.nanos = nanos;
    this.limitNanos = limitNanos;
  }

  /** From now on these are slow; 0: none is. */
  void limit(long newLimitNanos) {
    limitNanos = newLimitNanos;
  }

  void ended(Request request, Reply reply, long took) {
    long limit = limitNanos;
    if (limit == 0 || took < limit || !mayLog()) {
      return;
    }
    LoggingEventBuilder event =
        LOG.atWarn()
            .addKeyValue("method", RequestCounts.name(request.getOperationCase()))
            .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(took))
            .addKeyValue(
                "outcome", reply.hasError() ? RequestCounts.name(reply.getError().getCode()) : "ok")
            .addKeyValue("forwarded", request.getContext().getForwarded());
    long shard = Math.max(request.getContext().getShardId(), reply.getError().getShardId());
    if (shard != 0) {
      event = event.addKeyValue("shard", shard);
    }
    if (request.getContext().getSessionId() != 0) {
      event = event.addKeyValue("session", request.getContext().getSessionId());
    }
    Matcher trace = TRACEPARENT.matcher(request.getContext().getTraceparent());
    if (trace.matches()) {
      event =
          event
              .addKeyValue("trace_id", trace.group(1))
              .addKeyValue("parent_span_id", trace.group(2));
    }
    event.log("slow request");
  }

  private boolean mayLog() {
    long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
    if (second.getAndSet(now) != now) {
      logged.set(0);
    }
    return logged.incrementAndGet() <= MOST_A_SECOND;
  }
}
