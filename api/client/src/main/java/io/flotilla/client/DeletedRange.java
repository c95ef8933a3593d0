package io.flotilla.client;

import java.util.Optional;

/**
 * How far the deletion of a range has come.
 *
 * @param deleted rows that were there and are not any more
 * @param rest what is left of the range; empty: it is done
 */
public record DeletedRange(long deleted, Optional<KeyRange> rest) {}
