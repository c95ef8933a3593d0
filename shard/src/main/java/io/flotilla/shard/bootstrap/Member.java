package io.flotilla.shard.bootstrap;

import com.google.protobuf.ByteString;

/**
 * A node without a cluster.
 *
 * @param address HOST:PORT it says it is at
 * @param storeId identity of its data directory, 16 bytes
 */
record Member(String address, ByteString storeId) {}
