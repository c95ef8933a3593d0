package io.flotilla.router.access;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Failures;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Decides by the newest table. What is not allowed is denied. */
public final class AccessGuard implements Guard {
  private final Supplier<AccessTable> tables;
  private final LongSupplier wallMillis;
  private final AuditLog audit;

  /**
   * A guard of one port.
   *
   * @param tables the newest table
   * @param wallMillis milliseconds since 1970
   * @param audit hears of what operators do
   */
  public AccessGuard(Supplier<AccessTable> tables, LongSupplier wallMillis, AuditLog audit) {
    this.tables = tables;
    this.wallMillis = wallMillis;
    this.audit = audit;
  }

  @Override
  public CompletableFuture<Reply> through(
      Request request, Function<Request, CompletableFuture<Reply>> next) {
    Caller caller = Caller.KEY.get();
    Optional<Principal> principal =
        caller == null ? Optional.empty() : caller.in(tables.get(), wallMillis.getAsLong());
    if (caller == null || principal.isEmpty()) {
      return CompletableFuture.completedFuture(
          Failures.rejected(
              ErrorCode.ERROR_CODE_UNAUTHENTICATED, "the caller is not known any more"));
    }
    Need need = Need.of(request);
    CompletableFuture<Reply> reply =
        need.isMetBy(principal.get())
            ? next.apply(request)
            : CompletableFuture.completedFuture(
                Failures.rejected(
                    ErrorCode.ERROR_CODE_PERMISSION_DENIED,
                    need.refusal(principal.get(), request)));
    return AuditEvents.isWorthIt(request)
        ? reply.thenApply(
            answer -> {
              audit.record(AuditEvents.of(caller, request, answer));
              return answer;
            })
        : reply;
  }

  @Override
  public boolean holds() {
    Caller caller = Caller.KEY.get();
    return caller != null && caller.in(tables.get(), wallMillis.getAsLong()).isPresent();
  }
}
