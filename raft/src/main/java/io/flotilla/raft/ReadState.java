package io.flotilla.raft;

/**
 * The answer to {@link RaftNode#readIndex}: once the state machine has applied {@code index}, a
 * read of it is linearizable (thesis 6.4).
 *
 * @param context what the caller gave to tell its reads apart
 * @param index the index to wait for
 */
public record ReadState(long context, long index) {}
