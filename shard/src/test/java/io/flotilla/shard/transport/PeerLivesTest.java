package io.flotilla.shard.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Stores that went back in time are found by those who knew them before. */
class PeerLivesTest {
  private final List<String> refusals = new ArrayList<>();
  private final AtomicLong block = new AtomicLong(10);
  private final PeerIdentity one = node(1, 71, block);
  private PeerIdentity two = node(2, 81, new AtomicLong(5));

  private PeerIdentity node(long id, long life, AtomicLong newest) {
    return new PeerIdentity(
        Peer.CLUSTER,
        id,
        Payload.utf8("store " + id),
        new PeerLives(life, newest::get, refusals::add));
  }

  /** Node 1 says something to node 2, which hears it or does not. */
  private boolean says(PeerIdentity from, PeerIdentity to) {
    Handshake handshake = from.handshake(to.nodeId());
    boolean heard = to.fault(handshake).isEmpty() && to.lives().fault(handshake).isEmpty();
    if (heard) {
      to.lives().reached(from.nodeId(), from.lives().newestBlock());
    }
    return heard;
  }

  @Test
  void journalThatGrowsIsWelcomeInEveryLife() {
    assertThat(says(one, two)).isTrue();
    block.set(12);
    assertThat(says(one, two)).as("the same life again").isTrue();
    assertThat(says(node(1, 72, block), two)).as("the next one").isTrue();
    assertThat(refusals).isEmpty();
  }

  @Test
  void storeThatBeginsWithLessThanItHadIsNotHeard() {
    block.set(12);
    assertThat(says(one, two)).isTrue();
    PeerIdentity rolledBack = node(1, 72, new AtomicLong(11));

    assertThat(says(rolledBack, two)).isFalse();
    assertThat(two.lives().fault(rolledBack.handshake(2)))
        .hasValueSatisfying(
            why ->
                assertThat(why).contains("node 1", "block 11", "block 12", "join as a new node"));
    assertThat(says(one, two)).as("the life before, late").isTrue();
  }

  @Test
  void storeHearsFromAnotherThatItWentBack() {
    block.set(12);
    assertThat(says(one, two)).isTrue();
    assertThat(says(two, one)).as("what it still has").isTrue();
    assertThat(refusals).isEmpty();

    assertThat(says(two, node(1, 72, new AtomicLong(11)))).isFalse();
    assertThat(refusals).singleElement().asString().contains("node 1", "block 11", "block 12");
  }

  @Test
  void whatWasHeardOutlivesTheProcessOnceItIsSaved() {
    block.set(12);
    assertThat(says(one, two)).isTrue();
    Payload row = two.lives().unsaved().orElseThrow();
    assertThat(two.lives().durablyKnown(1)).isZero();
    two.lives().saved(row);
    assertThat(two.lives().unsaved()).isEmpty();
    assertThat(two.lives().durablyKnown(1)).isEqualTo(12);

    two = node(2, 82, new AtomicLong(6));
    two.lives().load(row);
    assertThat(two.lives().unsaved()).isEmpty();
    assertThat(says(node(1, 72, new AtomicLong(11)), two)).isFalse();
    assertThat(says(node(1, 73, new AtomicLong(12)), two)).isTrue();
  }

  @Test
  void otherStoreIsAnotherMatter() {
    block.set(12);
    assertThat(says(one, two)).isTrue();
    PeerIdentity other =
        new PeerIdentity(
            Peer.CLUSTER, 3, Payload.utf8("store 3"), new PeerLives(90, () -> 1, refusals::add));
    assertThat(says(other, two)).isTrue();
  }
}
