/**
 * What clients saw, and whether a linearizable store could have shown it to them.
 *
 * <p>A {@link History} is filled by clients while they run, written and read as JSON Lines by
 * {@link HistoryJson}, and judged by {@link LinearizabilityChecker}, reads that may be old by
 * {@link StalenessChecker}. The checker knows nothing of Flotilla: it sees calls with their times,
 * arguments and answers. Read {@link Operation} first.
 *
 * <p>Nothing here talks to a cluster. A history may be filled by many threads; the checker is
 * confined to one.
 */
@NullMarked
package io.flotilla.history;

import org.jspecify.annotations.NullMarked;
