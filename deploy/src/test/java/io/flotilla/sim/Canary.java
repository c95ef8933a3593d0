package io.flotilla.sim;

/**
 * A fault planted on purpose: one change of one source file, compiled for the test only. If the
 * text to change is not there any more, the canary is out of date and its test fails.
 *
 * @param name what is wrong, as words with dashes
 * @param file source, from the root of the project
 * @param from text that stands there exactly once
 * @param to what is put in its place
 */
record Canary(String name, String file, String from, String to) {
  private static final String ROUTER = "router/src/main/java/io/flotilla/router/";
  private static final String RAFT = "raft/src/main/java/io/flotilla/raft/";
  private static final String SHARD = "shard/src/main/java/io/flotilla/shard/";
  private static final String STORAGE = "storage/src/main/java/io/flotilla/storage/";

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

  @Override
  public String toString() {
    return name;
  }
}
