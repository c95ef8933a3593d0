package io.flotilla.storage;

/** The simulated process died here. Nothing may go on as if the call had failed. */
public final class SimCrashException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SimCrashException(String where) {
    super("simulated crash " + where);
  }
}
