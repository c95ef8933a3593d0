package io.flotilla.chaos;

import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The keys of a run, in order: every eighth is a counter, which is only ever added to; the others
 * are registers, of which some are hot, so that writers meet.
 */
final class KeySpace {
  private static final int COUNTER_EVERY = 8;
  private static final int HOT_EVERY = 32;
  private static final int FINEST_SPLIT = 100;
  private static final String PROBE = "/probe";

  private final List<String> all;
  private final List<String> counters;
  private final List<String> registers;
  private final List<String> hot;

  KeySpace(int size) {
    all = IntStream.range(0, size).mapToObj(KeySpace::name).toList();
    counters = IntStream.range(0, size).filter(KeySpace::counts).mapToObj(all::get).toList();
    registers = IntStream.range(0, size).filter(i -> !counts(i)).mapToObj(all::get).toList();
    hot =
        IntStream.range(0, size)
            .filter(i -> i % HOT_EVERY == HOT_EVERY / 2)
            .mapToObj(all::get)
            .toList();
  }

  private static String name(int number) {
    return "key/%04d".formatted(number) + (counts(number) ? "+" : "");
  }

  private static boolean counts(int number) {
    return number % COUNTER_EVERY == COUNTER_EVERY - 1;
  }

  List<String> all() {
    return all;
  }

  List<String> counters() {
    return counters;
  }

  String counter(SplittableRandom random) {
    return counters.get(random.nextInt(counters.size()));
  }

  /** A register, half of the time one of the hot ones. */
  String register(SplittableRandom random) {
    List<String> from = random.nextBoolean() ? hot : registers;
    return from.get(random.nextInt(from.size()));
  }

  /** Keys in a row. */
  List<String> row(SplittableRandom random, int longest) {
    int length = 1 + random.nextInt(Math.min(longest, all.size()));
    int first = random.nextInt(all.size() - length + 1);
    return all.subList(first, first + length);
  }

  /** The keys from the first of these to the last, and nothing beside them. */
  static KeyRange range(List<String> row) {
    String last = row.get(row.size() - 1);
    return new KeyRange(Optional.of(Key.of(row.get(0))), Optional.of(Key.of(last + "\0")));
  }

  /** A key beside one of these, which only a {@link Prober} writes. */
  static Key probe(String key) {
    return Key.of(key + PROBE);
  }

  /** Whether a scan may find this beside the keys. */
  static boolean isProbe(String key) {
    return key.endsWith(PROBE);
  }

  /** Where a shard can be split: mostly between two keys. */
  Key splitPoint(SplittableRandom random) {
    return Key.of(
        "key/%04d/%02d".formatted(random.nextInt(all.size()), random.nextInt(FINEST_SPLIT)));
  }

  /** Splits the keys into parts of the same size. */
  List<Key> borders(int parts) {
    return IntStream.range(1, parts)
        .mapToObj(i -> Key.of(all.get(all.size() * i / parts)))
        .toList();
  }
}
