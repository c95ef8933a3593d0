package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Messages under way. Who cuts a link loses what is on it. */
final class SimNetwork {
  private record Link(long from, long to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      int byFrom = Long.compare(from, other.from);
      return byFrom != 0 ? byFrom : Long.compare(to, other.to);
    }
  }

  private final List<Message> underWay = new ArrayList<>();
  private final Set<Link> cut = new TreeSet<>();
  private Predicate<Message> dropped = message -> false;

  void send(Message message) {
    underWay.add(message);
  }

  int size() {
    return underWay.size();
  }

  List<Message> underWay() {
    return List.copyOf(underWay);
  }

  /** The message at the position leaves the network. */
  Message take(int position) {
    return underWay.remove(position);
  }

  void duplicate(int position) {
    underWay.add(underWay.get(position));
  }

  @Nullable Message takeFirst(Predicate<Message> which) {
    for (int i = 0; i < underWay.size(); i++) {
      if (which.test(underWay.get(i))) {
        return underWay.remove(i);
      }
    }
    return null;
  }

  /** Whether the message would arrive. */
  boolean lets(Message message) {
    return !cut.contains(new Link(message.from(), message.to())) && !dropped.test(message);
  }

  void cutOneWay(long from, long to) {
    cut.add(new Link(from, to));
  }

  void cut(long a, long b) {
    cutOneWay(a, b);
    cutOneWay(b, a);
  }

  void heal(long a, long b) {
    cut.remove(new Link(a, b));
    cut.remove(new Link(b, a));
  }

  /** Loses all messages for which it holds, until healed. */
  void drop(Predicate<Message> which) {
    dropped = which;
  }

  void heal() {
    cut.clear();
    dropped = message -> false;
  }

  void clear() {
    underWay.clear();
  }
}
