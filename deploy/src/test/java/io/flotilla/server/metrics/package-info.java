/** Tests of {@code io.flotilla.server.metrics}. */
@NullMarked
package io.flotilla.server.metrics;

import org.jspecify.annotations.NullMarked;
