package io.flotilla.router.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts no server that is not a node, however good its certificate is. */
final class NodesOnly extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager trusted;

  NodesOnly(X509ExtendedTrustManager trusted) {
    this.trusted = trusted;
  }

  private static void checkNode(X509Certificate[] chain) throws CertificateException {
    if (!CertificateNames.of(chain[0]).isNode()) {
      throw new CertificateException(
          "the certificate of '%s' is not a node's: it does not name %s"
              .formatted(chain[0].getSubjectX500Principal(), CertificateNames.NODE));
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method, SSLEngine engine)
      throws CertificateException {
    trusted.checkServerTrusted(chain, method, engine);
    checkNode(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method, Socket socket)
      throws CertificateException {
    trusted.checkServerTrusted(chain, method, socket);
    checkNode(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String method)
      throws CertificateException {
    trusted.checkServerTrusted(chain, method);
    checkNode(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method, SSLEngine engine)
      throws CertificateException {
    trusted.checkClientTrusted(chain, method, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method, Socket socket)
      throws CertificateException {
    trusted.checkClientTrusted(chain, method, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String method)
      throws CertificateException {
    trusted.checkClientTrusted(chain, method);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trusted.getAcceptedIssuers();
  }
}
