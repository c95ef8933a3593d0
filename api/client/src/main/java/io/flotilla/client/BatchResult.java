package io.flotilla.client;

import java.util.OptionalInt;

/**
 * What a batch did.
 *
 * @param applied whether all of it was written; if not, nothing was
 * @param revision of all its writes; 0 where nothing was written
 * @param failedCondition index of the first condition that did not hold, where nothing was written
 */
public record BatchResult(boolean applied, long revision, OptionalInt failedCondition) {}
