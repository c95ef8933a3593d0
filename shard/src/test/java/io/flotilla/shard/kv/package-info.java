/**
 * Tests of a user shard's state machine, alone on a simulated disk.
 *
 * <p>Read {@code KvModelTest} first: random commands, flushes and crashes against a plain sorted
 * map.
 */
@NullMarked
package io.flotilla.shard.kv;

import org.jspecify.annotations.NullMarked;
