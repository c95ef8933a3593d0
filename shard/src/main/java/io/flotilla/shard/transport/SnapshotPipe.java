package io.flotilla.shard.transport;

/**
 * One way of a snapshot's stream: words arrive in order and once, or the stream ends. Called by one
 * thread at a time; must not wait.
 *
 * @param <W> the words
 */
public interface SnapshotPipe<W> {
  void send(W word);

  /**
   * Nothing more comes this way. What follows is ignored.
   *
   * @param reason why the stream broke; empty: it ended as it should
   */
  void end(String reason);
}
