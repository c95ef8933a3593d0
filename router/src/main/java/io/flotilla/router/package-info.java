/** Finds the leader of a key's shard and brings a call through. */
@NullMarked
package io.flotilla.router;

import org.jspecify.annotations.NullMarked;
