package io.flotilla.router.gateway;

/**
 * Bounds of the gateway.
 *
 * @param maxOutstandingPerStream calls of one stream without an answer, before no further frame is
 *     read from it; a frame that was read is served whole
 * @param maxRequestsPerFrame a stream that sends more in one frame is ended
 * @param maxFrameBytes of replies in one frame; a single larger reply goes alone
 * @param maxFrameReplies replies in one frame
 * @param maxWatchers subscriptions to routes
 * @param watchSpacingNanos least time between two maps sent to one subscriber
 */
public record GatewayConfig(
    int maxOutstandingPerStream,
    int maxRequestsPerFrame,
    int maxFrameBytes,
    int maxFrameReplies,
    int maxWatchers,
    long watchSpacingNanos) {

  /** 1,024 calls per stream, frames of 256 KiB and 256 replies, 1,024 watchers, 100 ms. */
  public static GatewayConfig defaults() {
    return new GatewayConfig(1_024, 4_096, 256 << 10, 256, 1_024, 100_000_000L);
  }
}
