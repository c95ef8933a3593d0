/**
 * What a simulation sees of the replicas of a node, without asking them: {@link HostView} and
 * {@link ReplicaView}; and {@link StateDigest}, by which it tells whether replicas are alike.
 * Nothing here changes a replica.
 */
@NullMarked
package io.flotilla.shard;

import org.jspecify.annotations.NullMarked;
