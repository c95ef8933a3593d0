package io.flotilla.raft;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Majority arithmetic, the same for votes, commits, reads and check-quorum (R13, R26): a joint
 * membership needs a majority of each half.
 */
final class Quorum {
  private Quorum() {}

  /** How an election stands. */
  enum Vote {
    PENDING,
    WON,
    LOST
  }

  /**
   * The highest value that a quorum has reached.
   *
   * @param value what a replica has reached, e.g. its match index
   */
  static long reached(Membership membership, LongUnaryOperator value) {
    long incoming = reached(membership.voters(), value);
    return membership.isJoint()
        ? Math.min(incoming, reached(membership.outgoing(), value))
        : incoming;
  }

  private static long reached(SortedSet<Long> voters, LongUnaryOperator value) {
    long[] values = new long[voters.size()];
    int i = 0;
    for (long voter : voters) {
      values[i++] = value.applyAsLong(voter);
    }
    Arrays.sort(values);
    return values[(values.length - 1) / 2];
  }

  /** Whether the voters for which it holds are a quorum. */
  static boolean holds(Membership membership, LongPredicate predicate) {
    return tally(membership, predicate, voter -> false) == Vote.WON;
  }

  /**
   * The result of an election so far.
   *
   * @param granted who voted for
   * @param rejected who voted against
   */
  static Vote tally(Membership membership, LongPredicate granted, LongPredicate rejected) {
    Vote incoming = tally(membership.voters(), granted, rejected);
    if (!membership.isJoint()) {
      return incoming;
    }
    Vote outgoing = tally(membership.outgoing(), granted, rejected);
    if (incoming == Vote.LOST || outgoing == Vote.LOST) {
      return Vote.LOST;
    }
    return incoming == Vote.WON && outgoing == Vote.WON ? Vote.WON : Vote.PENDING;
  }

  private static Vote tally(SortedSet<Long> voters, LongPredicate granted, LongPredicate rejected) {
    int yes = 0;
    int no = 0;
    for (long voter : voters) {
      if (granted.test(voter)) {
        yes++;
      } else if (rejected.test(voter)) {
        no++;
      }
    }
    int majority = voters.size() / 2 + 1;
    if (yes >= majority) {
      return Vote.WON;
    }
    return voters.size() - no < majority ? Vote.LOST : Vote.PENDING;
  }
}
