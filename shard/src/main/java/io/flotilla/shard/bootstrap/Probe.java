package io.flotilla.shard.bootstrap;

import io.flotilla.internal.v1.ProbeReply;
import java.util.Optional;

/**
 * What came of asking an address who is there.
 *
 * @param address HOST:PORT that was asked
 * @param reply what the node there says of itself, if it answered
 * @param problem why it did not
 */
public record Probe(String address, Optional<ProbeReply> reply, String problem) {
  /** Somebody is there. */
  public static Probe answered(String address, ProbeReply reply) {
    return new Probe(address, Optional.of(reply), "");
  }

  /** Nobody answered. */
  public static Probe failed(String address, String problem) {
    return new Probe(address, Optional.empty(), problem);
  }

  boolean hasCluster() {
    return reply.map(r -> !r.getClusterId().isEmpty()).orElse(false);
  }
}
