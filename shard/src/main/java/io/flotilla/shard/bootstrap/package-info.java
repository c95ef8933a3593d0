/**
 * How a node comes to be part of a cluster: it founds one with others, takes part in the founding,
 * or joins one that runs.
 *
 * <p>Nodes of a new cluster are given the same list of addresses. Each asks all others who they
 * are. When all have answered and none has a cluster, the one with the lowest address makes a plan
 * (ids, nodes, first shards), writes it into its identity, and shows it to whoever asks. The others
 * find themselves in it by their store's id and take it over. A crash at any point changes nothing:
 * what is written is shown again, what is not is asked for again (M18).
 *
 * <p>A node that finds a cluster without being in its plan registers with the catalog, which gives
 * it an id. An address that belongs to another data directory is refused: a wiped disk does not
 * come back under its old name (R37, R38).
 *
 * <p>Read first: {@code Formation} (what to do, a pure function), then {@link
 * io.flotilla.shard.bootstrap.ClusterEntry} (who does it).
 */
@NullMarked
package io.flotilla.shard.bootstrap;

import org.jspecify.annotations.NullMarked;
