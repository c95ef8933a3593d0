package io.flotilla.cli.bench;

/** One operation of a workload. */
enum OperationKind {
  READ,
  UPDATE,
  INSERT,
  SCAN,
  READ_MODIFY_WRITE
}
