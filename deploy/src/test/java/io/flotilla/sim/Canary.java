package io.flotilla.sim;

/**
 * A fault planted on purpose: one change of one source file, compiled for the test only. If the
 * text to change is not there any more, the canary is out of date and its test fails.
 *
 * @param name what is wrong, as words with dashes
 * @param file source, from the root of the project
 * @param from text that stands there exactly once
 * @param to what is put in its place
 * @param seeker class with a method {@code firstFailure(long first, int count)}
 */
record Canary(String name, String file, String from, String to, String seeker) {
  private static final String ROUTER = "router/src/main/java/io/flotilla/router/";
  private static final String RAFT = "raft/src/main/java/io/flotilla/raft/";
  private static final String SHARD = "shard/src/main/java/io/flotilla/shard/";
  private static final String STORAGE = "storage/src/main/java/io/flotilla/storage/";
  private static final String WHOLE_NODES = "io.flotilla.sim.CanaryRun";
  private static final String ONE_GROUP = "io.flotilla.raft.RandomLives";

  private Canary(String name, String file, String from, String to) {
    this(name, file, from, to, WHOLE_NODES);
  }

  static Canary router(String name, String type, String from, String to) {
    return new Canary(name, ROUTER + type + ".java", from, to);
  }

  static Canary raft(String name, String type, String from, String to) {
    return new Canary(name, RAFT + type + ".java", from, to);
  }

  static Canary shard(String name, String type, String from, String to) {
    return new Canary(name, SHARD + type + ".java", from, to);
  }

  static Canary storage(String name, String type, String from, String to) {
    return new Canary(name, STORAGE + type + ".java", from, to);
  }

  /**
   * Sought in the random lives of one group: it shows only where several rare things meet, and such
   * a life is a thousand times shorter than that of whole nodes.
   */
  Canary inOneGroup() {
    return new Canary(name, file, from, to, ONE_GROUP);
  }

  @Override
  public String toString() {
    return name;
  }
}
