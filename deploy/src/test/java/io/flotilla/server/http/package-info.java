/** Tests of {@code io.flotilla.server.http}. */
@NullMarked
package io.flotilla.server.http;

import org.jspecify.annotations.NullMarked;
