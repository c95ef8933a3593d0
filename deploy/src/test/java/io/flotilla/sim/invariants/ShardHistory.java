package io.flotilla.sim.invariants;

import io.flotilla.raft.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All that ever happened in one shard, whoever has forgotten it since. */
final class ShardHistory {
  /** Where every log begins, and the term there. */
  static final long FIRST_INDEX = 5;

  static final long FIRST_TERM = 5;

  record Position(long index, long term) {}

  record Known(Entry entry, long termBefore) {}

  record Voter(long replica, long term) {}

  /** An entry that is committed, and in which term it first was. */
  record Committed(Entry entry, long inTerm) {}

  final long shardId;
  final ShardModel model;
  final Map<Position, Known> entries = new HashMap<>();
  final TreeMap<Long, Long> leaders = new TreeMap<>();
  final Map<Voter, Long> votes = new HashMap<>();
  final Map<Voter, Position> campaigns = new HashMap<>();
  final Set<Voter> candidates = new HashSet<>();
  final Set<Long> terms = new HashSet<>();
  final Map<Voter, Long> readFloors = new HashMap<>();
  private final List<Committed> committed = new ArrayList<>();
  private long newestCommitTerm;

  ShardHistory(long shardId, ShardModel model) {
    this.shardId = shardId;
    this.model = model;
    terms.add(FIRST_TERM);
  }

  void stands(long replica, long term) {
    candidates.add(new Voter(replica, term));
    terms.add(term);
  }

  long lastCommitted() {
    return FIRST_INDEX + committed.size();
  }

  boolean isCommitted(long index) {
    return index > FIRST_INDEX && index <= lastCommitted();
  }

  Committed committed(long index) {
    return committed.get((int) (index - FIRST_INDEX - 1));
  }

  /** The newest term in which a leader committed something. */
  long newestCommitTerm() {
    return newestCommitTerm;
  }

  void commits(Entry entry, long inTerm) {
    committed.add(new Committed(entry, inTerm));
    newestCommitTerm = Math.max(newestCommitTerm, inTerm);
    model.apply(entry);
  }
}
