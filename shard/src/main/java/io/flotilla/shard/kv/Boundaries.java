package io.flotilla.shard.kv;

import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * What one pass over a shard's rows found: how much they hold, and keys at about equal distances in
 * bytes. Keeps at most {@link #MOST} keys, whatever the number of rows: when there are more, every
 * other one goes. Confined to one thread.
 */
public final class Boundaries {
  static final int MOST = 256;

  private record Boundary(Payload key, long bytesBefore) {}

  private List<Boundary> kept = new ArrayList<>();
  private long step = 1;
  private long bytes;

  /** The next row; keys come in order. */
  void add(Payload rowKey, long size) {
    if (kept.isEmpty() || bytes - kept.get(kept.size() - 1).bytesBefore() >= step) {
      kept.add(new Boundary(KeySpace.userKey(rowKey), bytes));
      if (kept.size() > MOST) {
        thinOut();
      }
    }
    bytes += size;
  }

  private void thinOut() {
    step = Math.max(2 * step, 2 * bytes / MOST);
    List<Boundary> fewer = new ArrayList<>();
    long last = -step;
    for (Boundary boundary : kept) {
      if (boundary.bytesBefore() - last >= step) {
        fewer.add(boundary);
        last = boundary.bytesBefore();
      }
    }
    kept = fewer;
  }

  /** Bytes of all keys and values. */
  public long bytes() {
    return bytes;
  }

  /**
   * First keys of all parts but the first, so that the parts hold about the same.
   *
   * @param parts from 2
   * @return in order, each with rows before it; fewer than wanted if there are too few rows
   */
  public List<Payload> cuts(int parts) {
    List<Payload> cuts = new ArrayList<>();
    int from = 1; // nothing is before the first row
    for (int i = 1; i < parts && from < kept.size(); i++) {
      int at = nearest(from, bytes / parts * i + bytes % parts * i / parts);
      cuts.add(kept.get(at).key());
      from = at + 1;
    }
    return cuts;
  }

  private int nearest(int from, long target) {
    int best = from;
    for (int i = from + 1; i < kept.size(); i++) {
      if (distance(i, target) >= distance(best, target)) {
        break;
      }
      best = i;
    }
    return best;
  }

  private long distance(int index, long target) {
    return Math.abs(kept.get(index).bytesBefore() - target);
  }
}
