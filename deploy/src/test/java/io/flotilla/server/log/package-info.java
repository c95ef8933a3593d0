/** Tests of {@code io.flotilla.server.log}. */
@NullMarked
package io.flotilla.server.log;

import org.jspecify.annotations.NullMarked;
