package io.flotilla.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of a history: a call begins or ends, or something happens to the cluster. The format is
 * described in docs/histories.md.
 *
 * @param index place in the history, from 0
 * @param type what this row says of the call
 * @param process the client's number, an {@link Integer}; or {@link #NEMESIS}
 * @param f what was asked for, such as {@code read}; {@link #NOTE} for the nemesis
 * @param key the key; null for the nemesis
 * @param value to write where a call begins, read where it ends well; the text of a note
 * @param expected revision a conditional write asks for, 0 = absent; null elsewhere
 * @param version revision that was answered; null if none was
 * @param bound greatest age in nanoseconds of a read that may be old; null = any, or another call
 * @param time nanoseconds on one monotonic clock
 * @param session session id and sequence of a write that may be retried; null = none
 * @param error why a call did not end well
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "index",
  "type",
  "process",
  "f",
  "key",
  "value",
  "expected",
  "version",
  "bound",
  "time",
  "session"
})
record HistoryRow(
    @JsonProperty(required = true) long index,
    @JsonProperty(required = true) Type type,
    @JsonProperty(required = true) Object process,
    @JsonProperty(required = true) String f,
    @Nullable String key,
    @Nullable String value,
    @Nullable Long expected,
    @Nullable Long version,
    @Nullable Long bound,
    @JsonProperty(required = true) long time,
    long @Nullable [] session,
    @Nullable String error) {

  /** The process of rows that say what happened to the cluster. */
  static final String NEMESIS = "nemesis";

  /** What the nemesis does in a row. */
  static final String NOTE = "note";

  /** A read that may be old: held against other rules than the calls of the history proper. */
  static final String STALE_READ = "stale-read";

  /** The error of a conditional write whose condition did not hold. */
  static final String MISMATCH = "mismatch";

  /** What a row says of a call. */
  enum Type {
    @JsonProperty("invoke")
    INVOKE,
    @JsonProperty("ok")
    OK,
    /** Certainly not applied. */
    @JsonProperty("fail")
    FAIL,
    /** Nobody knows; the process makes no more calls. Also the rows of the nemesis. */
    @JsonProperty("info")
    INFO
  }

  HistoryRow {
    if (!(process instanceof Integer) && !process.equals(NEMESIS)) {
      throw new IllegalArgumentException("process '" + process + "' is no number");
    }
  }

  boolean isOfNemesis() {
    return process.equals(NEMESIS);
  }

  static String name(Operation.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
