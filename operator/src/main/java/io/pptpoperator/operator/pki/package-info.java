/**
 * The authority of the administration ports and the certificates that it issues: made, renewed, and kept in Secrets
 * by {@code PkiStore}, which alone asks the API server.
 */
package io.pptpoperator.operator.pki;
