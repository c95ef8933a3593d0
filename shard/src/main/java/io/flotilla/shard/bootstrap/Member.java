package io.flotilla.shard.bootstrap;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * A node without a cluster.
 *
 * @param address HOST:PORT it says it is at
 * @param storeId identity of its data directory, 16 bytes
 * @param labels for its placement
 */
record Member(String address, ByteString storeId, Map<String, String> labels) {}
