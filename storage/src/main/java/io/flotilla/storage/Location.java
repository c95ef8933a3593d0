package io.flotilla.storage;

/**
 * Where a record is. Block 0 stands for "no record".
 *
 * @param block sequence number of the block
 * @param offset first byte of the record in the block
 * @param length bytes of the record, header included
 */
record Location(long block, int offset, int length) {

  static final Location NONE = new Location(0, 0, 0);
}
