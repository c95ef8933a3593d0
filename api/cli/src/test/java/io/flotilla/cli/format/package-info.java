/**
 * Tests of the file formats: what is written is read back byte for byte, and what is malformed is
 * refused with its line. Everything happens in memory.
 */
@NullMarked
package io.flotilla.cli.format;

import org.jspecify.annotations.NullMarked;
