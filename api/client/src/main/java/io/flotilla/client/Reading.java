package io.flotilla.client;

import java.util.Optional;

/**
 * What a read found, and where.
 *
 * @param entry empty if the key is absent
 * @param asOf the state that was read; empty for linearizable reads by the leader, which see the
 *     newest
 */
public record Reading(Optional<Entry> entry, Optional<AsOf> asOf) {}
