/** The consensus core. */
@NullMarked
package io.flotilla.raft;

import org.jspecify.annotations.NullMarked;
