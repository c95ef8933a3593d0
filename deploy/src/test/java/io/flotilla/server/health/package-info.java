/** Tests of {@code io.flotilla.server.health}. */
@NullMarked
package io.flotilla.server.health;

import org.jspecify.annotations.NullMarked;
