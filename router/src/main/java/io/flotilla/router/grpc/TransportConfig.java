package io.flotilla.router.grpc;

/**
 * Bounds of the transport.
 *
 * @param maxInFlightBytes requests to one node that have no answer yet
 * @param maxInFlightCalls the same in number
 * @param maxFrameBytes of requests in one frame; a single larger request goes alone
 * @param maxFrameCalls requests in one frame
 * @param connectTimeoutMillis until a node that accepts no connection counts as unreachable
 */
public record TransportConfig(
    long maxInFlightBytes,
    int maxInFlightCalls,
    int maxFrameBytes,
    int maxFrameCalls,
    int connectTimeoutMillis) {

  /** 32 MiB and 16,384 calls per node, frames of 256 KiB and 256 calls, 1 s to connect. */
  public static TransportConfig defaults() {
    return new TransportConfig(32L << 20, 16_384, 256 << 10, 256, 1_000);
  }
}
