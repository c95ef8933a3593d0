package io.flotilla.chaos;

import java.util.Locale;

/** What is done to the cluster. */
enum FaultKind {
  TRANSFER,
  SPLIT,
  KILL,
  FREEZE;

  /** As it is shown. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
