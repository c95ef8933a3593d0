package io.flotilla.router.gateway;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;

/**
 * Hears of each request that comes to a server, whoever answers it. Called on many threads: must be
 * quick and must not throw.
 */
public interface RequestMeter {
  /** Hears nothing. */
  RequestMeter NONE =
      new RequestMeter() {
        @Override
        public void began() {}

        @Override
        public void ended(Request request, Reply reply, long nanos) {}
      };

  /** A request was read. */
  void began();

  /** It is answered, so long after. */
  void ended(Request request, Reply reply, long nanos);
}
