package io.flotilla.raft;

import java.util.SortedSet;
import java.util.TreeSet;

/** What a change makes of a membership (Raft §6, thesis 4.3). Pure functions. */
final class MembershipChanger {
  private MembershipChanger() {}

  /**
   * The membership after the change.
   *
   * @throws IllegalArgumentException if the change does not fit: joint while already joint, leaving
   *     when not joint, or no voter would be left
   */
  static Membership apply(Membership before, MembershipChange change) {
    if (change.leavesJoint()) {
      return leaveJoint(before);
    }
    if (before.isJoint()) {
      throw new IllegalArgumentException("a joint membership must be left first");
    }
    SortedSet<Long> voters = new TreeSet<>(before.voters());
    SortedSet<Long> learners = new TreeSet<>(before.learners());
    SortedSet<Long> demoted = new TreeSet<>();
    int votersTouched = 0;
    for (MembershipChange.Step step : change.steps()) {
      long id = step.replicaId();
      boolean wasVoter = before.voters().contains(id);
      switch (step.kind()) {
        case ADD_VOTER -> {
          learners.remove(id);
          voters.add(id);
          votersTouched += wasVoter ? 0 : 1;
        }
        case ADD_LEARNER -> {
          if (wasVoter) {
            voters.remove(id);
            demoted.add(id);
            votersTouched++;
          } else {
            learners.add(id);
          }
        }
        case REMOVE -> {
          learners.remove(id);
          voters.remove(id);
          votersTouched += wasVoter ? 1 : 0;
        }
      }
    }
    if (voters.isEmpty()) {
      throw new IllegalArgumentException("the change would leave no voter");
    }
    if (votersTouched <= 1) {
      // Majorities of the two memberships overlap (thesis 4.1): no joint membership is needed.
      learners.addAll(demoted);
      return new Membership(voters, new TreeSet<>(), learners, new TreeSet<>());
    }
    return new Membership(voters, before.voters(), learners, demoted);
  }

  private static Membership leaveJoint(Membership joint) {
    if (!joint.isJoint()) {
      throw new IllegalArgumentException("not a joint membership");
    }
    SortedSet<Long> learners = new TreeSet<>(joint.learners());
    learners.addAll(joint.demoted());
    return new Membership(joint.voters(), new TreeSet<>(), learners, new TreeSet<>());
  }
}
