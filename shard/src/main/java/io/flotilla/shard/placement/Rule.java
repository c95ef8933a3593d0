package io.flotilla.shard.placement;

import java.util.Optional;

/** One reason to move a replica. */
interface Rule {
  /**
   * What this rule wants for a shard whose membership is at rest.
   *
   * @return empty if the rule has nothing against how it is
   */
  Optional<Decision> look(ShardView shard, Board board);
}
