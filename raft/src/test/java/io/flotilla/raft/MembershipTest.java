package io.flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What changes make of memberships, and their binary forms. */
class MembershipTest {

  private static Membership of(String text) {
    List<SortedSet<Long>> parts = new ArrayList<>();
    for (String part : (text + " ").split("[&LD]", -1)) {
      SortedSet<Long> ids = new TreeSet<>();
      Arrays.stream(part.trim().split("\\s+"))
          .filter(id -> !id.isEmpty())
          .forEach(id -> ids.add(Long.parseLong(id)));
      parts.add(ids);
    }
    return new Membership(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
  }

  private static MembershipChange change(String text) {
    List<MembershipChange.Step> steps = new ArrayList<>();
    for (String word : text.trim().split("\\s+", -1)) {
      long id = Long.parseLong(word.substring(1));
      MembershipChange.Kind kind =
          switch (word.charAt(0)) {
            case '+' -> MembershipChange.Kind.ADD_VOTER;
            case 'l' -> MembershipChange.Kind.ADD_LEARNER;
            default -> MembershipChange.Kind.REMOVE;
          };
      steps.add(new MembershipChange.Step(kind, id));
    }
    return new MembershipChange(steps, Payload.EMPTY);
  }

  /** Voters & outgoing L learners D demoted; +1 adds a voter, l1 a learner, -1 removes. */
  @ParameterizedTest
  @CsvSource({
    "1 2 3 & L D,   +4,       1 2 3 4 & L D",
    "1 2 3 & L D,   -3,       1 2 & L D",
    "1 2 3 & L D,   -1,       2 3 & L D",
    "1 2 3 & L D,   l4,       1 2 3 & L 4 D",
    "1 2 3 & L D,   l3,       1 2 & L 3 D",
    "1 2 & L 3 D,   +3,       1 2 3 & L D",
    "1 2 & L 3 D,   -3,       1 2 & L D",
    "1 2 & L D,     -9,       1 2 & L D",
    "1 2 & L D,     +1,       1 2 & L D",
    "1 2 & L 3 D,   l3,       1 2 & L 3 D",
    "1 & L D,       l2 l3,    1 & L 2 3 D",
    "1 2 & L 3 D,   +4 -3,    1 2 4 & L D",
    "1 2 3 & L D,   +4 -3,    1 2 4 & 1 2 3 L D",
    "1 2 3 & L D,   +4 +5,    1 2 3 4 5 & 1 2 3 L D",
    "1 2 3 & L D,   -2 -3,    1 & 1 2 3 L D",
    "1 2 3 & L 4 D, +4 l3,    1 2 4 & 1 2 3 L D 3",
    "1 2 3 & L D,   l2 l3,    1 & 1 2 3 L D 2 3",
    "1 & L D,       +2 -1,    2 & 1 L D",
    "1 2 3 & L D,   +4 l5 -3, 1 2 4 & 1 2 3 L 5 D"
  })
  void aChangeMakes(String before, String change, String after) {
    assertThat(MembershipChanger.apply(of(before), change(change))).isEqualTo(of(after));
  }

  @ParameterizedTest
  @CsvSource({
    "1 2 4 & 1 2 3 L D,       1 2 4 & L D",
    "1 2 4 & 1 2 3 L D 3,     1 2 4 & L 3 D",
    "1 2 4 & 1 2 3 L 5 D 3,   1 2 4 & L 3 5 D"
  })
  void leavingAJointMembershipMakes(String before, String after) {
    assertThat(MembershipChanger.apply(of(before), MembershipChange.leaveJoint()))
        .isEqualTo(of(after));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> MembershipChanger.apply(of("1 & L D"), change("-1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no voter");
    assertThatThrownBy(() -> MembershipChanger.apply(of("1 2 & L D"), change("l1 l2")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MembershipChanger.apply(of("1 2 & 1 3 L D"), change("+4")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("left first");
    assertThatThrownBy(() -> MembershipChanger.apply(of("1 & L D"), MembershipChange.leaveJoint()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a joint");
    assertThatThrownBy(() -> change("+4 -4")).hasMessageContaining("twice");
    assertThatThrownBy(() -> change("+0")).hasMessageContaining("positive");
  }

  @Test
  void aMembershipThatContradictsItselfIsRefused() {
    assertThatThrownBy(() -> of("& L 1 D")).hasMessageContaining("needs a voter");
    assertThatThrownBy(() -> of("1 & L 1 D")).hasMessageContaining("both voter and learner");
    assertThatThrownBy(() -> of("1 & 2 L 2 D")).hasMessageContaining("both voter and learner");
    assertThatThrownBy(() -> of("1 & 2 L D 3")).hasMessageContaining("not an old voter");
    assertThatThrownBy(() -> of("1 2 & 2 L D 2")).hasMessageContaining("a new voter");
  }

  /** Step by step or through one joint change: the same membership comes out. */
  @Test
  void oneJointChangeEndsWhereSingleChangesEnd() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 2_000; round++) {
      Membership before = of("1 2 3 & L 4 5 D");
      List<MembershipChange.Step> steps = new ArrayList<>();
      for (long id = 2; id <= 7; id++) {
        if (random.nextBoolean()) {
          MembershipChange.Kind[] kinds = MembershipChange.Kind.values();
          steps.add(new MembershipChange.Step(kinds[random.nextInt(kinds.length)], id));
        }
      }
      if (steps.isEmpty()) {
        continue;
      }
      Membership single = before;
      for (MembershipChange.Step step : steps) {
        single = MembershipChanger.apply(single, MembershipChange.of(step));
      }
      Membership whole =
          MembershipChanger.apply(before, new MembershipChange(steps, Payload.EMPTY));
      if (whole.isJoint()) {
        assertThat(whole.outgoing()).isEqualTo(before.voters());
        whole = MembershipChanger.apply(whole, MembershipChange.leaveJoint());
      }
      assertThat(whole).as("%s", steps).isEqualTo(single);
    }
  }

  // ---- binary form

  @Test
  void aMembershipComesBackFromItsBytes() {
    for (String text : List.of("1 & L D", "1 2 4 & 1 2 3 L 5 D 3", "9000000000 & L 1 2 3 D")) {
      assertThat(Membership.decode(of(text).encode())).isEqualTo(of(text));
    }
  }

  @Test
  void aChangeComesBackFromItsBytes() {
    MembershipChange change = new MembershipChange(change("+4 l5 -3").steps(), Payload.utf8("why"));
    assertThat(MembershipChange.decode(change.encode())).isEqualTo(change);
    MembershipChange leave = MembershipChange.leaveJoint();
    assertThat(MembershipChange.decode(leave.encode()).leavesJoint()).isTrue();
  }

  /** The bytes are stored: they must never change. */
  @Test
  void theBytesAreTheseAndStayThese() {
    assertThat(of("1 & L 2 D").encode().toByteArray())
        .containsExactly(
            1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2,
            0, 0, 0, 0);
    assertThat(change("l7").encode().toByteArray())
        .containsExactly(1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 7);
    assertThat(Entry.Type.values())
        .containsExactly(Entry.Type.DATA, Entry.Type.MEMBERSHIP, Entry.Type.NOOP);
    assertThat(MembershipChange.Kind.values())
        .containsExactly(
            MembershipChange.Kind.ADD_VOTER,
            MembershipChange.Kind.ADD_LEARNER,
            MembershipChange.Kind.REMOVE);
  }

  @Test
  void malformedBytesAreRefusedAndNothingElseIsThrown() {
    byte[] membership = of("1 2 4 & 1 2 3 L 5 D 3").encode().toByteArray();
    byte[] change = change("+4 l5 -3").encode().toByteArray();
    for (int length = 0; length < membership.length; length++) {
      Payload cut = Payload.of(Arrays.copyOf(membership, length));
      assertThatThrownBy(() -> Membership.decode(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    for (int length = 0; length < change.length; length++) {
      Payload cut = Payload.of(Arrays.copyOf(change, length));
      assertThatThrownBy(() -> MembershipChange.decode(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Payload longer = Payload.of(Arrays.copyOf(membership, membership.length + 1));
    assertThatThrownBy(() -> Membership.decode(longer)).hasMessageContaining("bytes after");
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = (round % 2 == 0 ? membership : change).clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      decodesOrRefuses(Payload.of(bytes));
    }
  }

  private static void decodesOrRefuses(Payload bytes) {
    try {
      Membership.decode(bytes);
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
    try {
      MembershipChange.decode(bytes);
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
  }

  @Test
  void aCountThatTheBytesCannotHoldIsRefusedBeforeMemoryIsTaken() {
    ByteBuffer out = ByteBuffer.allocate(9);
    out.put((byte) 1).putInt(Integer.MAX_VALUE).putInt(0);
    Payload bytes = Payload.of(out.array());
    assertThatThrownBy(() -> Membership.decode(bytes)).hasMessageContaining("2147483647");
    assertThatThrownBy(() -> MembershipChange.decode(bytes)).hasMessageContaining("2147483647");
  }
}
