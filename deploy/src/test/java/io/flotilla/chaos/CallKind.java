package io.flotilla.chaos;

import java.util.Locale;

/** What clients call. */
enum CallKind {
  GET,
  FOLLOWER_GET,
  PUT,
  PUT_IF_ABSENT,
  COMPARE_AND_SET,
  DELETE,
  INCREMENT,
  SCAN_PAGE;

  /** As it is shown. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
