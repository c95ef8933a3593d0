package io.flotilla.chaos;

/** What is done to a shard under load, as its writers notice it. */
enum Change {
  /** Nothing: what it is compared with. */
  NONE("nothing"),
  SPLIT("split"),
  TRANSFER("transfer"),
  /** Of a replica that does not lead. */
  MOVE("move"),
  /** Of the replica that leads: with a transfer in it. */
  MOVE_OF_LEADER("move of leader");

  private final String label;

  Change(String label) {
    this.label = label;
  }

  /** As it is shown. */
  String label() {
    return label;
  }
}
