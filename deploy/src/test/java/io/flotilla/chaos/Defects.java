package io.flotilla.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What must not happen in any run, such as a node that ends by itself. Thread-safe. */
final class Defects {
  private static final int MOST_KEPT = 1_000;

  private final List<String> seen = new ArrayList<>();
  private final Consumer<String> say;

  Defects(Consumer<String> say) {
    this.say = say;
  }

  synchronized void add(String what) {
    if (seen.size() < MOST_KEPT) {
      seen.add(what);
    }
    say.accept("DEFECT: " + what);
  }

  synchronized List<String> seen() {
    return List.copyOf(seen);
  }
}
