package io.flotilla.shard.placement;

import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a shard is to be split, and where.
 *
 * @param maxBytes from which it is; 0: never for its size
 * @param maxLoad requests a second from which it is; 0: never for its load
 */
public record SplitRule(long maxBytes, long maxLoad) {
  private static final int SHOWN_BYTES = 40;

  /**
   * What the rule says of a shard.
   *
   * @param key to split at; empty: it is not to be split
   * @param stuck it should be, and cannot
   * @param why says it without any key, for the log; empty: there is nothing to say
   * @param text says it to people who ask, with the key
   */
  public record Verdict(Optional<Payload> key, boolean stuck, String why, String text) {
    private static final Verdict NOTHING = new Verdict(Optional.empty(), false, "", "");

    private static Verdict split(Payload key, String why) {
      String text = "%s: it is split at %s".formatted(why, shown(key));
      return new Verdict(Optional.of(key), false, why, text);
    }

    private static Verdict stuck(String why, String text) {
      return new Verdict(Optional.empty(), true, why, text);
    }
  }

  /** What is said of an older or newer range than this one counts for nothing. */
  public Verdict look(ShardDescriptor shard, ShardUse use) {
    boolean old = use.rangeVersion() != shard.epoch().rangeVersion();
    if (shard.isSystem() || old) {
      return Verdict.NOTHING;
    }
    if (maxBytes > 0 && use.bytes() > maxBytes) {
      String why = "it holds %d bytes, more than %d".formatted(use.bytes(), maxBytes);
      return use.middle()
          .filter(shard.range()::canSplitAt)
          .map(key -> Verdict.split(key, why))
          .orElseGet(() -> tooFewRows(why));
    }
    boolean busy = maxLoad > 0 && use.requestsPerSecond() > maxLoad;
    return busy && use.cut().isPresent()
        ? forLoad(shard, use.requestsPerSecond(), use.cut().get())
        : Verdict.NOTHING;
  }

  private static Verdict tooFewRows(String why) {
    String text = why + ", and has too few rows to be split";
    return Verdict.stuck(text, text);
  }

  private Verdict forLoad(ShardDescriptor shard, double requests, LoadCut cut) {
    String why = "it serves %.0f requests a second, more than %d".formatted(requests, maxLoad);
    Optional<Payload> key = cut.key().filter(shard.range()::canSplitAt);
    return key.map(k -> Verdict.split(k, why))
        .orElseGet(
            () ->
                Verdict.stuck(
                    why,
                    String.format(
                        Locale.ROOT,
                        "hot: %s, and key %s has %.0f %% of them, which no split divides",
                        why,
                        shown(cut.hottest()),
                        100 * cut.hottestShare())));
  }

  private static String shown(Payload key) {
    StringBuilder text = new StringBuilder("'");
    for (int i = 0; i < Math.min(key.size(), SHOWN_BYTES); i++) {
      int at = key.at(i) & 0xff;
      boolean plain = at >= ' ' && at < 0x7f && at != '\\' && at != '\'';
      text.append(
          plain
              ? new String(new byte[] {(byte) at}, StandardCharsets.US_ASCII)
              : "\\x%02x".formatted(at));
    }
    return text.append(key.size() > SHOWN_BYTES ? "…'" : "'").toString();
  }
}
