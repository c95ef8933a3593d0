/** The shared store of a node. */
@NullMarked
package io.flotilla.storage;

import org.jspecify.annotations.NullMarked;
