/**
 * Keys, values and rows as text, and text as keys, values and rows.
 *
 * <p>{@link io.flotilla.cli.format.Encoding} says how one key or value is written on a command line
 * and in a file; {@link io.flotilla.cli.format.Printable} how bytes are shown to a person without
 * ever sending a control character to a terminal. {@link io.flotilla.cli.format.RecordReader} and
 * {@link io.flotilla.cli.format.RecordWriter} are the two ends of import and export; a file that
 * was exported reads back byte for byte or was refused while it was written. {@link
 * io.flotilla.cli.format.TextTable} aligns columns.
 *
 * <p>Nothing here talks to a cluster, starts a thread or reads a clock. Readers and writers are
 * used by one thread and hold one record at a time. Read {@code Encoding} first.
 */
@NullMarked
package io.flotilla.cli.format;

import org.jspecify.annotations.NullMarked;
