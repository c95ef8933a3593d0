package io.flotilla.client;

/** How far an {@link Operation} is. */
public enum OperationState {
  /** It goes on by itself. */
  RUNNING,
  /** It is being taken back. */
  CANCELLING,
  /** The shard is as the operation wanted it. */
  DONE,
  /** The shard is as it was before. */
  CANCELLED;

  /** Whether nothing happens any more. */
  public boolean hasEnded() {
    return this == DONE || this == CANCELLED;
  }
}
