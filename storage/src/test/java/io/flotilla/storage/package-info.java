/**
 * Tests of the store, on the real LMDB and on a simulated disk.
 *
 * <p>{@link io.flotilla.storage.SimDisk} and what it is made of are also for the tests of other
 * modules, which run whole nodes on it. Read {@code JournalModelTest} first: random work and random
 * crashes, held against a plain model.
 */
@NullMarked
package io.flotilla.storage;

import org.jspecify.annotations.NullMarked;
