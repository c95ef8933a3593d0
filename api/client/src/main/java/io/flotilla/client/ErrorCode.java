package io.flotilla.client;

/** Why a call failed. {@link FlotillaException#outcome()} says what it left behind. */
public enum ErrorCode {
  /** A key, value, batch or range is out of its bounds. */
  INVALID_ARGUMENT,
  /** No node was found that leads the shard before the deadline. */
  NOT_LEADER,
  /** The routes changed faster than the call could follow before the deadline. */
  STALE_ROUTE,
  /** There is no such shard or node. */
  NOT_FOUND,
  /** A queue of the client or the server is full: slow down, try again later. */
  OVERLOADED,
  /** The deadline passed. */
  DEADLINE_EXCEEDED,
  /** No server that could answer was reached, or the shard has no leader. */
  UNAVAILABLE,
  /** The leader changed while the write was under way. */
  LEADERSHIP_LOST,
  /** The server forgot the client's session, so a retry cannot be told from a new write. */
  SESSION_EXPIRED,
  /** The keys of one batch lie in different shards. */
  CROSSES_SHARDS,
  /** The state of the cluster does not allow the operation. */
  FAILED_PRECONDITION,
  /** The server belongs to another cluster. */
  WRONG_CLUSTER,
  /** A defect of the server or the client. Please report it. */
  INTERNAL,
  /** The server is short of disk space: reads and deletes go on, writes are refused. */
  DISK_FULL,
  /** The server does not know who calls, or a connection failed because of certificates. */
  UNAUTHENTICATED,
  /** The caller may not do this. */
  PERMISSION_DENIED,
  /** The client was closed before the call ended. */
  CLOSED,
  /** The calling thread was interrupted while it waited. */
  INTERRUPTED
}
