/** Tests of the load of {@code flotilla bench} on virtual time. */
@NullMarked
package io.flotilla.cli.bench;

import org.jspecify.annotations.NullMarked;
