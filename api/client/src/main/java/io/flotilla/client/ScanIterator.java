package io.flotilla.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The entries of a scan, page after page. Fetches nothing before it is asked. Not thread-safe. */
final class ScanIterator implements Iterator<Entry> {
  private final Kv kv;
  private Optional<Scan> rest;
  private Iterator<Entry> page = Collections.emptyIterator();

  ScanIterator(Kv kv, Scan scan) {
    this.kv = kv;
    this.rest = Optional.of(scan);
  }

  @Override
  public boolean hasNext() {
    // A page can be empty although there is more. A page that fails is asked for again next time.
    while (!page.hasNext() && rest.isPresent()) {
      Page fetched = kv.scanPage(rest.get());
      page = fetched.entries().iterator();
      rest = fetched.next();
    }
    return page.hasNext();
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the scan is complete");
    }
    return page.next();
  }
}
