package io.flotilla.client;

import java.util.List;
import java.util.Optional;

/**
 * A part of a scan.
 *
 * @param entries in the order of the scan; can be empty although there is more
 * @param next the rest of the scan; empty: the scan is complete
 */
public record Page(List<Entry> entries, Optional<Scan> next) {}
