package io.flotilla.shard.placement;

import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a shard would be cut so that each half takes its share of the requests, judged by a sample
 * of their keys.
 *
 * @param hottest the key with the most requests
 * @param hottestShare of all requests, more than 0 to 1
 * @param key first of the right half; empty if one key has most of the requests, or a half would
 *     have less than a quarter
 */
public record LoadCut(Payload hottest, double hottestShare, Optional<Payload> key) {
  /** With fewer samples nothing is said. */
  static final int FEWEST_SAMPLES = 32;

  /** The best cut; empty if the sample is too small to tell. */
  public static Optional<LoadCut> of(List<Payload> samples) {
    if (samples.size() < FEWEST_SAMPLES) {
      return Optional.empty();
    }
    List<Payload> sorted = new ArrayList<>(samples);
    sorted.sort(null);
    int size = sorted.size();
    int best = 0;
    int run = 0;
    int longest = 0;
    Payload hottest = sorted.get(0);
    for (int i = 0; i < size; i++) {
      boolean another = i > 0 && !sorted.get(i).equals(sorted.get(i - 1));
      run = another ? 1 : run + 1;
      if (run > longest) {
        longest = run;
        hottest = sorted.get(i);
      }
      if (another && Math.abs(2 * i - size) < Math.abs(2 * best - size)) {
        best = i;
      }
    }
    boolean divides = 2 * longest <= size && 4 * Math.min(best, size - best) >= size;
    return Optional.of(
        new LoadCut(
            hottest,
            longest / (double) size,
            divides ? Optional.of(sorted.get(best)) : Optional.empty()));
  }
}
