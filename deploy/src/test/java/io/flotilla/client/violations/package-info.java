/** Breaks the rules for the SDK on purpose, for {@code ArchitectureTest}. Nothing runs it. */
@NullMarked
package io.flotilla.client.violations;

import org.jspecify.annotations.NullMarked;
