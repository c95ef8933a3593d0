package io.flotilla.storage;

/**
 * Hears of each commit of a store. Called on the writers; must be quick and must not throw. The
 * store knows no time, so that comes from here, too.
 */
public interface StoreMeter {
  /** Hears nothing. */
  StoreMeter NONE =
      new StoreMeter() {
        @Override
        public long nanos() {
          return 0;
        }

        @Override
        public void committed(Part part, int batches, long bytes, long nanos) {}
      };

  /** What is written by one writer. */
  enum Part {
    JOURNAL("journal"),
    STATE("state store");

    private final String inWords;

    Part(String inWords) {
      this.inWords = inWords;
    }

    String inWords() {
      return inWords;
    }
  }

  /** A monotonic clock. */
  long nanos();

  /**
   * A commit is durable.
   *
   * @param batches in it, which were submitted one by one; 0: only house-keeping
   * @param bytes submitted in them
   * @param nanos it took, the sync included
   */
  void committed(Part part, int batches, long bytes, long nanos);
}
