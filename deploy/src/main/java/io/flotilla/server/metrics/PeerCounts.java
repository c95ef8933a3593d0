package io.flotilla.server.metrics;

import io.flotilla.shard.transport.PeerMeter;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is said to other nodes. Any thread. */
final class PeerCounts implements PeerMeter {
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();

  @Override
  public void frame(boolean isDropped, int messages, int bytes) {
    if (isDropped) {
      dropped.add(messages);
    } else {
      sent.add(messages);
      sentBytes.add(bytes);
    }
  }

  void collect(Samples samples) {
    samples.count(Metric.PEER_MESSAGES, sent, "sent");
    samples.count(Metric.PEER_MESSAGES, dropped, "dropped");
    samples.count(Metric.PEER_BYTES, sentBytes);
  }
}
