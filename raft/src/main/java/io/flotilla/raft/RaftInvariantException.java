package io.flotilla.raft;

/** The replica's state contradicts itself or the protocol. It must stop and not answer again. */
public final class RaftInvariantException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RaftInvariantException(String message) {
    super(message);
  }
}
