/** What a simulation sees of the replicas of a node, without asking them. */
@NullMarked
package io.flotilla.shard;

import org.jspecify.annotations.NullMarked;
