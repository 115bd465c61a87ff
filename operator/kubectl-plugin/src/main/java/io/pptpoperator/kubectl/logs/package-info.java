/** {@code kubectl pptp logs}: one user's lines from all pods of a server. */
package io.pptpoperator.kubectl.logs;
