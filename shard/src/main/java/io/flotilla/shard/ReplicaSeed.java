package io.flotilla.shard;

import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaState;
import java.util.random.RandomGenerator;

/**
 * What a replica starts from.
 *
 * @param key which replica
 * @param row its row as it was flushed
 * @param rows its rows
 * @param machine the state machine over them
 * @param random its own generator
 */
record ReplicaSeed(
    ReplicaKey key,
    ReplicaRow row,
    ReplicaState rows,
    StateMachine machine,
    RandomGenerator random) {}
