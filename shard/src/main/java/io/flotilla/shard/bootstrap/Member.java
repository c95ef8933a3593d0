package io.flotilla.shard.bootstrap;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * A node without a cluster.
 *
 * @param addresses where it says it is
 * @param storeId identity of its data directory, 16 bytes
 * @param labels for its placement
 */
record Member(Addresses addresses, ByteString storeId, Map<String, String> labels) {
  String address() {
    return addresses.client();
  }
}
