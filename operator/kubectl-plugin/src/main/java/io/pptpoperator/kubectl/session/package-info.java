/**
 * {@code kubectl pptp sessions} and {@code kick}: who is connected, asked of the pods through the API server, and
 * hanging up.
 */
package io.pptpoperator.kubectl.session;
