package io.flotilla.cli;

/** A command could not do what it was asked for. The message is the one line that is shown. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * A failure.
   *
   * @param code a short name for programs, in upper case, such as NOT_FOUND
   * @param message what went wrong and what to do, in one line
   */
  public CommandFailure(String code, String message) {
    super(message);
    this.code = code;
  }

  /** A failure that something else caused. */
  public CommandFailure(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** A short name for programs. */
  public String code() {
    return code;
  }
}
