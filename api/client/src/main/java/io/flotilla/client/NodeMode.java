package io.flotilla.client;

/** What becomes of the replicas on a node. */
public enum NodeMode {
  /** It holds replicas and gets new ones. */
  ACTIVE,
  /** It gets no more, and those it has leave one by one. */
  DRAINING,
  /** It never comes back: its replicas are rebuilt elsewhere at once. */
  LOST
}
