package io.flotilla.shard.placement;

import java.util.Optional;

/**
 * What is to become of a shard, and why.
 *
 * @param move to begin now
 * @param stuck something should happen and cannot, until somebody does something about it
 * @param text says it to people
 */
public record Decision(Optional<Move> move, boolean stuck, String text) {
  static Decision of(Move move, String why) {
    return new Decision(Optional.of(move), false, move.inWords() + ": " + why);
  }

  static Decision stuck(String text) {
    return new Decision(Optional.empty(), true, text);
  }

  static Decision none(String text) {
    return new Decision(Optional.empty(), false, text);
  }
}
