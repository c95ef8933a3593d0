/**
 * Tests of the catalog, alone on a simulated disk.
 *
 * <p>Read {@code CatalogRoutesTest} first: splits whose reports come in any order.
 */
@NullMarked
package io.flotilla.shard.catalog;

import org.jspecify.annotations.NullMarked;
